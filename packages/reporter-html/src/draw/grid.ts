import { contours } from "d3-contour";
import type { Frame } from "./frame.js";
import { px } from "./numbers.js";

/** Heights, or classes, at the crossings of a grid. */
export interface Grid {
  /** Ascending, [n]. */
  readonly x: ArrayLike<number>;
  /** Ascending, [m]. */
  readonly y: ArrayLike<number>;
  /** Row-major, [m, n]: `z[j * n + i]` is at `x[i]`, `y[j]`. */
  readonly z: ArrayLike<number>;
}

/** A closed line around ground at or above a level, in pixels. */
export type Ring = readonly (readonly [x: number, y: number])[];

/** Lines around the ground at or above each level, by level. */
export function ringsOf({ x, y, z }: Grid, levels: readonly number[], frame: Frame): Ring[][] {
  const n = x.length;
  const m = y.length;
  const values = Array.from(z);
  const lines = contours()
    .size([n, m])
    .thresholds([...levels])(values);
  // d3-contour puts the value i at i + 0.5, and lets lines run half a cell beyond the outermost.
  return lines.map(({ coordinates }) =>
    coordinates.flatMap((polygon) =>
      polygon.map((ring) =>
        ring.map(([i, j]) => [frame.x(between(x, i! - 0.5)), frame.y(between(y, j! - 0.5))] as const),
      ),
    ),
  );
}

export function ringPath(rings: readonly Ring[]): string {
  return rings.map((ring) => `M${ring.map(([x, y]) => `${px(x)} ${px(y)}`).join("L")}Z`).join("");
}

/** A value of an ascending list at a place between two of its indices; beyond its ends it goes on as it ended. */
function between(values: ArrayLike<number>, at: number): number {
  const i = Math.min(Math.max(Math.floor(at), 0), values.length - 2);
  return values[i]! + (values[i + 1]! - values[i]!) * (at - i);
}

/** @throws RangeError where the grid's shape does not hold together. */
export function checkGrid(where: string, { x, y, z }: Grid): void {
  if (x.length < 2 || y.length < 2 || z.length !== x.length * y.length) {
    throw new RangeError(
      `${where}: the grid has ${x.length} values of x, ${y.length} of y and ${z.length} at its crossings. ` +
        "Give two or more of x and of y, ascending, and one value for each pair of them, row by row.",
    );
  }
}
