/** Numbers along x, each one value or what several were: their mean, least and largest. */
export interface Samples {
  /** Ascending. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly min?: ArrayLike<number> | undefined;
  readonly max?: ArrayLike<number> | undefined;
  /** How many values each stands for; 1 where absent. */
  readonly count?: ArrayLike<number> | undefined;
}

/** What a column of pixels shows. */
export interface PixelColumn {
  /** Pixel of the last sample. */
  x: number;
  sum: number;
  count: number;
  min: number;
  max: number;
  first: number;
  last: number;
}

/**
 * One entry for each pixel that has samples: nothing is lost, for the least and largest of a pixel are kept. What
 * `shows` refuses (a NaN; on a logarithmic axis, zero) ends a line: the lines come as a list.
 */
export function decimate(
  samples: Samples,
  toPixel: (x: number) => number,
  shows: (y: number) => boolean,
): PixelColumn[][] {
  const { x, y, min = y, max = y, count } = samples;
  const lines: PixelColumn[][] = [];
  let line: PixelColumn[] | undefined;
  let column: PixelColumn | undefined;
  for (let i = 0; i < x.length; i++) {
    const value = y[i]!;
    const at = toPixel(x[i]!);
    if (!shows(value) || !Number.isFinite(at)) {
      line = column = undefined;
      continue;
    }
    const n = count?.[i] ?? 1;
    const low = shows(min[i]!) ? min[i]! : value;
    if (column === undefined || Math.floor(at) !== Math.floor(column.x)) {
      column = { x: at, sum: value * n, count: n, min: low, max: max[i]!, first: value, last: value };
      if (line === undefined) lines.push((line = []));
      line.push(column);
    } else {
      column.x = at;
      column.last = value;
      column.sum += value * n;
      column.count += n;
      column.min = Math.min(column.min, low);
      column.max = Math.max(column.max, max[i]!);
    }
  }
  return lines;
}

/** The part of ascending numbers from the last one before `low` to the first one after `high`. */
export function visiblePart(x: ArrayLike<number>, low: number, high: number): [from: number, to: number] {
  return [Math.max(0, firstAtLeast(x, low) - 1), Math.min(x.length, firstAtLeast(x, high) + 1)];
}

/** The index of the first of ascending numbers that is not below `value`. */
export function firstAtLeast(x: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
