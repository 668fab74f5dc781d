import { formatShape, type Shape, ShapeError, sizeOf } from "../expr/shape.js";
import type { Operator } from "./operator.js";

/** Numbers of elements before, along and after an axis. */
function around(shape: Shape, axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

/** For each element gathered by `indices` along an axis its place in the whole; -1 for an index that is none. */
function placesAt(shape: Shape, axis: number, indices: Float64Array): number[] {
  const [before, length, after] = around(shape, axis);
  const places: number[] = [];
  for (let i = 0; i < before; i++) {
    for (const at of indices) {
      const isIndex = Number.isInteger(at) && at >= 0 && at < length;
      for (let k = 0; k < after; k++) places.push(isIndex ? (i * length + at) * after + k : -1);
    }
  }
  return places;
}

/** Access by index. One that is no whole number, or outside [0, length), reads NaN and adds nothing. */
export const indexing = {
  gather: {
    shape: ([x, indices], { axis }) => [...x!.slice(0, axis), ...indices!, ...x!.slice(axis + 1)],
    value: ([x, indices], { axis }) =>
      Float64Array.from(placesAt(x!.shape, axis, indices!.data), (place) => x!.data[place] ?? NaN),
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
    value([x, indices], { axis }, shape) {
      const result = new Float64Array(sizeOf(shape));
      placesAt(shape, axis, indices!.data).forEach((place, i) => {
        if (place >= 0) result[place]! += x!.data[i]!;
      });
      return result;
    },
    derivative: (g, _, [x, indices], { axis, length }) => {
      // What was not added has no part in the sum, and gather reads NaN there.
      const added = indices!.ge(0).mul(indices!.lt(length)).mul(indices!.floor().eq(indices!));
      const end = axis + indices!.shape.length;
      const aligned = added.reshape(x!.shape.map((n, i) => (i < axis || i >= end ? 1 : n)));
      return [aligned.where(g.gather(indices!, axis), 0), undefined];
    },
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
