import { broadcastShapes, formatShape, type Shape, ShapeError, sameShape, sizeOf } from "../expr/shape.js";
import { indices, placeOf } from "./indices.js";
import type { Operator, Values } from "./operator.js";

/** A result whose element at `index` is the input's at `place(index)`, or 0 where that is undefined. */
function pick(
  x: Values,
  shape: Shape,
  place: (index: readonly number[]) => readonly number[] | undefined,
): Float64Array {
  const result = new Float64Array(sizeOf(shape));
  let i = 0;
  for (const index of indices(shape)) {
    const from = place(index);
    result[i++] = from ? x.data[placeOf(from, x.shape)]! : 0;
  }
  return result;
}

export const movement = {
  reshape: {
    shape: ([x], { shape }) => {
      if (sizeOf(x!) === sizeOf(shape)) return shape;
      throw new ShapeError(
        `reshape: shape ${formatShape(x!)} has ${sizeOf(x!)} elements, ${formatShape(shape)} has ${sizeOf(shape)}.`,
      );
    },
    value: ([x]) => x!.data,
    derivative: (g, _, [x]) => [g.reshape(x!.shape)],
  } satisfies Operator<{ shape: Shape }>,
  transpose: {
    shape: ([x], { order }) => {
      if (new Set(order).size === x!.length && order.length === x!.length) {
        return order.map((axis) => x![axis]!);
      }
      throw new ShapeError(
        `transpose: order ${formatShape(order)} must name each axis of shape ${formatShape(x!)} once.`,
      );
    },
    value: ([x], { order }, shape) =>
      pick(x!, shape, (index) => order.map((_, axis) => index[order.indexOf(axis)]!)),
    derivative: (g, _, __, { order }) => [g.transpose(order.map((_, axis) => order.indexOf(axis)))],
  } satisfies Operator<{ order: readonly number[] }>,
  broadcastTo: {
    shape: ([x], { shape }) => {
      if (sameShape(broadcastShapes("broadcastTo", [x!, shape]), shape)) return shape;
      throw new ShapeError(
        `broadcastTo: shape ${formatShape(x!)} does not stretch to ${formatShape(shape)}.`,
      );
    },
    value: ([x], _, shape) => {
      const ahead = shape.length - x!.shape.length;
      return pick(x!, shape, (index) =>
        x!.shape.map((length, axis) => (length === 1 ? 0 : index[axis + ahead]!)),
      );
    },
    derivative: (g, _, [x]) => {
      const ahead = g.shape.length - x!.shape.length;
      const stretched = g.shape
        .map((_, axis) => axis)
        .filter((axis) => axis < ahead || (x!.shape[axis - ahead] === 1 && g.shape[axis] !== 1));
      return [g.sum(stretched).reshape(x!.shape)];
    },
  } satisfies Operator<{ shape: Shape }>,
  slice: {
    shape: ([x], { begin, size }) => {
      const fits =
        begin.length === x!.length &&
        size.length === x!.length &&
        x!.every(
          (length, i) =>
            Number.isInteger(begin[i]) && begin[i]! >= 0 && size[i]! >= 0 && begin[i]! + size[i]! <= length,
        );
      if (fits) return size;
      throw new ShapeError(
        `slice: ${formatShape(size)} elements from ${formatShape(begin)} do not lie inside shape ${formatShape(x!)}: ` +
          "expected whole numbers, one for each axis.",
      );
    },
    value: ([x], { begin }, shape) => pick(x!, shape, (index) => index.map((i, axis) => i + begin[axis]!)),
    derivative: (g, _, [x], { begin, size }) => {
      const after = x!.shape.map((length, axis) => length - begin[axis]! - size[axis]!);
      return [g.pad(begin, after)];
    },
  } satisfies Operator<{ begin: readonly number[]; size: readonly number[] }>,
  pad: {
    shape: ([x], { before, after }) => {
      const fits = before.length === x!.length && after.length === x!.length;
      if (fits && [...before, ...after].every((n) => Number.isInteger(n) && n >= 0)) {
        return x!.map((length, axis) => before[axis]! + length + after[axis]!);
      }
      throw new ShapeError(
        `pad: ${formatShape(before)} before and ${formatShape(after)} after do not fit shape ${formatShape(x!)}: ` +
          "expected a whole number of at least 0 for each axis.",
      );
    },
    value: ([x], { before }, shape) =>
      pick(x!, shape, (index) => {
        const from = index.map((i, axis) => i - before[axis]!);
        return from.every((i, axis) => i >= 0 && i < x!.shape[axis]!) ? from : undefined;
      }),
    derivative: (g, _, [x], { before }) => [g.slice(before, x!.shape)],
  } satisfies Operator<{ before: readonly number[]; after: readonly number[] }>,
};
