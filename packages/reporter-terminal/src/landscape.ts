/** Heights at the crossings of a grid. */
export interface Grid {
  /** Ascending, [n]. */
  readonly x: ArrayLike<number>;
  /** Ascending, [m]. */
  readonly y: ArrayLike<number>;
  /** Row-major, [m, n]: `z[j * n + i]` is at `x[i]`, `y[j]`. */
  readonly z: ArrayLike<number>;
}

/** A function over a rectangle, or what it was found to be on a grid. */
export type Landscape =
  | {
      readonly f: (x: number, y: number) => number;
      readonly xRange: readonly [number, number];
      readonly yRange: readonly [number, number];
      readonly grid?: never;
    }
  | {
      readonly grid: Grid;
      /** Part of the grid to show. Default all of it. */
      readonly xRange?: readonly [number, number];
      readonly yRange?: readonly [number, number];
      readonly f?: never;
    };

/** A landscape ready to be looked at. */
export interface Surface {
  readonly at: (x: number, y: number) => number;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
}

/** The heights of a landscape and the part of it to show; between a grid's points they are interpolated. */
export function surfaceOf({ f, grid, xRange, yRange }: Landscape): Surface {
  if (f !== undefined) return { at: f, xRange: checked("xRange", xRange), yRange: checked("yRange", yRange) };
  const { x, y, z } = grid;
  if (x.length < 2 || y.length < 2 || z.length !== x.length * y.length) {
    throw new RangeError(
      `contour: the grid has ${x.length} values of x, ${y.length} of y and ${z.length} of z. ` +
        "Give two or more of x and y, and one z for each pair of them, row by row.",
    );
  }
  return {
    at: bilinear(grid),
    xRange: checked("xRange", xRange ?? [x[0]!, x[x.length - 1]!]),
    yRange: checked("yRange", yRange ?? [y[0]!, y[y.length - 1]!]),
  };
}

function checked(name: string, range: readonly [number, number]): readonly [number, number] {
  const [low, high] = range;
  if (low < high && Number.isFinite(high - low)) return range;
  throw new RangeError(
    `contour: ${name} is [${low}, ${high}]. Give two finite numbers, the lower one first.`,
  );
}

function bilinear({ x, y, z }: Grid): (x: number, y: number) => number {
  return (px, py) => {
    const [i, u] = between(x, px);
    const [j, v] = between(y, py);
    const n = x.length;
    const below = z[j * n + i]! * (1 - u) + z[j * n + i + 1]! * u;
    const above = z[(j + 1) * n + i]! * (1 - u) + z[(j + 1) * n + i + 1]! * u;
    return below * (1 - v) + above * v;
  };
}

/** The interval of ascending values that holds `at`, and how far along it; the outermost reach on beyond. */
function between(values: ArrayLike<number>, at: number): [number, number] {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= at) low = middle;
    else high = middle;
  }
  return [low, (at - values[low]!) / (values[high]! - values[low]!)];
}
