/** Lengths of a tensor's axes, outermost first; `[]` is a scalar. Storage is row-major. */
export type Shape = readonly number[];

/** Thrown while tracing when operands do not fit; the message names the operator and every shape. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** `[2, 3]` as people write it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Throws unless every length is a whole number of at least 0. */
export function requireShape(operator: string, shape: Shape): void {
  if (shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return;
  throw new ShapeError(
    `${operator}: ${formatShape(shape)} is no shape: expected whole numbers of at least 0 as lengths.`,
  );
}

/** The shape that `shape`, in which one length may be -1, has as another shape of a tensor of shape `from`. */
export function inferLength(from: Shape, shape: Shape): Shape {
  const at = shape.indexOf(-1);
  if (at < 0) return shape;
  if (shape.includes(-1, at + 1)) {
    throw new ShapeError(`reshape: ${formatShape(shape)} leaves several lengths open; only one may be -1.`);
  }
  const length = sizeOf(from) / sizeOf(shape.filter((_, axis) => axis !== at));
  if (Number.isInteger(length) && length >= 0) return shape.map((n) => (n === -1 ? length : n));
  throw new ShapeError(
    `reshape: shape ${formatShape(from)} has ${sizeOf(from)} elements; ` +
      `no single length in place of -1 gives ${formatShape(shape)} as many.`,
  );
}

/** Distance in elements between neighbours along each axis of a contiguous row-major tensor. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** NumPy broadcasting: shapes aligned at their last axis, where a length of 1 stretches. */
export function broadcastShapes(operator: string, shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let axis = 0; axis < shape.length; axis++) {
      const at = rank - shape.length + axis;
      const length = shape[axis]!;
      if (length === result[at] || length === 1) continue;
      if (result[at] !== 1) {
        throw new ShapeError(
          `${operator}: shapes ${shapes.map(formatShape).join(" and ")} do not fit together: ` +
            `axis ${at} has ${result[at]} and ${length}. Lengths must be equal or 1, aligned at the last axis.`,
        );
      }
      result[at] = length;
    }
  }
  return result;
}

/** An axis counted from the front; `-1` is the last. */
export function normalizeAxis(operator: string, axis: number, shape: Shape): number {
  const rank = shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(
      `${operator}: axis ${axis} is not an axis of shape ${formatShape(shape)}; ` +
        (rank === 0 ? "a scalar has no axes." : `expected an integer from ${-rank} to ${rank - 1}.`),
    );
  }
  return axis < 0 ? axis + rank : axis;
}

/** Sorted, distinct axes counted from the front; all of them when `axes` is undefined. */
export function normalizeAxes(
  operator: string,
  axes: number | readonly number[] | undefined,
  shape: Shape,
): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(operator, axis, shape));
  const distinct = [...new Set(list)].sort((a, b) => a - b);
  if (distinct.length !== list.length) {
    throw new ShapeError(`${operator}: axes ${formatShape(list)} name one axis twice.`);
  }
  return distinct;
}
