import { type Shape, sameShape, sizeOf, stridesOf } from "../expr/shape.js";

/**
 * Another way to look at contiguous storage: the element at `index` lies at offset + Σ strides[axis]·index[axis].
 * Transposes, slices and broadcasts are views, so no engine ever copies for them.
 */
export interface View {
  readonly shape: Shape;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Storage of `shape` as it lies in memory. */
export function wholeView(shape: Shape): View {
  return { shape, offset: 0, strides: stridesOf(shape) };
}

/** Axes of length 1 take no part in a loop: the others, outermost first. */
export function domainOf(shape: Shape): number[] {
  return shape.filter((length) => length !== 1);
}

/** Strides along the axes of `domainOf(view.shape)`. */
export function domainStrides({ shape, strides }: View): number[] {
  return strides.filter((_, axis) => shape[axis] !== 1);
}

export function broadcastView(view: View, shape: Shape): View {
  const ahead = shape.length - view.shape.length;
  const strides = shape.map((length, axis) =>
    axis < ahead || view.shape[axis - ahead] !== length ? 0 : view.strides[axis - ahead]!,
  );
  return { shape, offset: view.offset, strides };
}

export function transposeView(view: View, order: readonly number[]): View {
  return {
    shape: order.map((axis) => view.shape[axis]!),
    offset: view.offset,
    strides: order.map((axis) => view.strides[axis]!),
  };
}

export function sliceView(view: View, begin: readonly number[], size: readonly number[]): View {
  const offset = begin.reduce((at, from, axis) => at + from * view.strides[axis]!, view.offset);
  return { shape: size, offset, strides: view.strides };
}

/** The same elements in another shape, or undefined where no strides lead to them: then they must be copied. */
export function reshapeView(view: View, shape: Shape): View | undefined {
  // Runs of axes through which one stride leads, innermost first.
  const runs: { length: number; stride: number }[] = [];
  for (let axis = view.shape.length - 1; axis >= 0; axis--) {
    const length = view.shape[axis]!;
    const stride = view.strides[axis]!;
    const run = runs.at(-1);
    if (length === 1) continue;
    if (run && stride === run.length * run.stride) run.length *= length;
    else runs.push({ length, stride });
  }
  const strides = new Array<number>(shape.length).fill(0);
  if (sizeOf(shape) > 0) {
    let next = 0;
    let left = 1;
    let stride = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const length = shape[axis]!;
      if (length === 1) continue;
      if (left === 1) ({ length: left, stride } = runs[next++]!);
      if (left % length !== 0) return undefined;
      strides[axis] = stride;
      stride *= length;
      left /= length;
    }
  }
  return { shape, offset: view.offset, strides };
}

/** Whether the elements follow one another in row-major order, from the view's offset on. */
export function isContiguous(view: View): boolean {
  const size = sizeOf(view.shape);
  return size <= 1 || reshapeView(view, [size])?.strides[0] === 1;
}

/** Whether the view shows storage of `shape` whole and in its order, axes of length 1 aside. */
export function isWhole(view: View, shape: Shape): boolean {
  return isContiguous(view) && sameShape(domainOf(view.shape), domainOf(shape));
}
