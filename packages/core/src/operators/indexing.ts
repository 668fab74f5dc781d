import { formatShape, type Shape, ShapeError, sizeOf } from "../expr/shape.js";
import type { Operator } from "./operator.js";

/** Numbers of elements before, along and after an axis. */
function around(shape: Shape, axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

const isIndex = (at: number, length: number) => Number.isInteger(at) && at >= 0 && at < length;

/** Access by index. One that is no whole number, or outside [0, length), reads NaN and adds nothing. */
export const indexing = {
  gather: {
    shape: ([x, indices], { axis }) => [...x!.slice(0, axis), ...indices!, ...x!.slice(axis + 1)],
    value([x, indices], { axis }, shape) {
      const [before, length, after] = around(x!.shape, axis);
      const count = indices!.data.length;
      const result = new Float64Array(sizeOf(shape));
      for (let i = 0; i < before; i++) {
        for (let j = 0; j < count; j++) {
          const at = indices!.data[j]!;
          for (let k = 0; k < after; k++) {
            result[(i * count + j) * after + k] = isIndex(at, length)
              ? x!.data[(i * length + at) * after + k]!
              : Number.NaN;
          }
        }
      }
      return result;
    },
    derivative: (g, _, [x, indices], { axis }) => [g.scatterAdd(indices!, x!.shape[axis]!, axis), undefined],
  } satisfies Operator<{ axis: number }>,
  scatterAdd: {
    shape: ([x, indices], { axis, length }) => {
      if (indices!.some((n, i) => n !== x![axis + i])) {
        throw new ShapeError(
          `scatterAdd: shape ${formatShape(x!)} must have the indices' shape ${formatShape(indices!)} at axis ${axis}.`,
        );
      }
      return [...x!.slice(0, axis), length, ...x!.slice(axis + indices!.length)];
    },
    value([x, indices], { axis, length }, shape) {
      const [before, , after] = around(shape, axis);
      const count = indices!.data.length;
      const result = new Float64Array(sizeOf(shape));
      for (let i = 0; i < before; i++) {
        for (let j = 0; j < count; j++) {
          const at = indices!.data[j]!;
          if (!isIndex(at, length)) continue;
          for (let k = 0; k < after; k++) {
            result[(i * length + at) * after + k]! += x!.data[(i * count + j) * after + k]!;
          }
        }
      }
      return result;
    },
    derivative: (g, _, [, indices], { axis }) => [g.gather(indices!, axis), undefined],
  } satisfies Operator<{ axis: number; length: number }>,
  oneHot: {
    shape: ([x], { depth }) => [...x!, depth],
    value: ([x], { depth }, shape) =>
      Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
        Number(x!.data[Math.floor(i / depth)] === i % depth),
      ),
    derivative: () => [undefined],
    lower: ([x], { depth }, apply) => {
      const shape = [...x!.shape, depth];
      const place = apply("iota", [], { shape, axis: x!.shape.length });
      return place.eq(x!.reshape([...x!.shape, 1]));
    },
  } satisfies Operator<{ depth: number }>,
  /** Each element's index along `axis`. */
  iota: {
    shape: (_, { shape }) => shape,
    value(_, { axis }, shape) {
      const [, length, after] = around(shape, axis);
      return Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.floor(i / after) % length);
    },
    derivative: () => [],
  } satisfies Operator<{ shape: Shape; axis: number }>,
};
