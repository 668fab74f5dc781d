import { math } from "@downhill/core";
import type { Samples } from "../samples.js";
import type { Table } from "../table.js";
import { classesOf, type PointsOptions, pointsOnCurves } from "./points.js";

/**
 * Two interleaved half circles of radius 1, the classes 0 and 1; `noise` is 0.1 by default. No line divides them.
 * x: [rows, 2].
 */
export function makeMoons(options: PointsOptions = {}): Samples {
  return classesOf(moonsTable(options));
}

export function moonsTable(options: PointsOptions = {}): Table {
  return pointsOnCurves(
    "moons",
    [
      (u) => [math.cos(Math.PI * u), math.sin(Math.PI * u)],
      (u) => [1 - math.cos(Math.PI * u), 0.5 - math.sin(Math.PI * u)],
    ],
    { noise: 0.1, ...options },
  );
}
