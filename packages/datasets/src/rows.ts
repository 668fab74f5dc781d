/** Rows as numbers, before scaling; NaN where a feature is missing and will be filled. */
export interface Rows {
  readonly count: number;
  /** Features of a row. */
  readonly width: number;
  /** [count, width] */
  readonly x: Float64Array;
  /** [count] */
  readonly y: Float64Array;
  /** [count]; absent where all rows weigh the same. */
  readonly weight: Float64Array | undefined;
}

/** The rows of those indices, in that order. */
export function takeRows({ width, x, y, weight }: Rows, indices: ArrayLike<number>): Rows {
  const count = indices.length;
  return {
    count,
    width,
    x: gather(x, width, indices, new Float64Array(count * width)),
    y: gather(y, 1, indices, new Float64Array(count)),
    weight: weight && gather(weight, 1, indices, new Float64Array(count)),
  };
}

/** Copies the rows of those indices, each `width` numbers, one after another into `out`. */
export function gather(
  from: Float64Array,
  width: number,
  indices: ArrayLike<number>,
  out: Float64Array,
): Float64Array {
  for (let row = 0; row < indices.length; row++) {
    const start = indices[row]! * width;
    for (let k = 0; k < width; k++) out[row * width + k] = from[start + k]!;
  }
  return out;
}
