import { type Shape, sizeOf } from "../expr/shape.js";

/** Every index of a shape, in row-major order; the same array each time. */
export function* indices(shape: Shape): Generator<readonly number[]> {
  const index = new Array<number>(shape.length).fill(0);
  for (let i = sizeOf(shape); i > 0; i--) {
    yield index;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

/** The place of an index among a shape's elements. */
export function placeOf(index: readonly number[], shape: Shape): number {
  return index.reduce((place, i, axis) => place * shape[axis]! + i, 0);
}
