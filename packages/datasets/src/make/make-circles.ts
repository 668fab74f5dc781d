import { math } from "@downhill/core";
import type { Samples } from "../samples.js";
import type { Table } from "../table.js";
import { classesOf, type PointsOptions, pointsOnCurves } from "./points.js";

/**
 * Two circles around the origin, of radius 1 (class 0) and 0.5 (class 1); `noise` is 0.05 by default. No line
 * divides them. x: [rows, 2].
 */
export function makeCircles(options: PointsOptions = {}): Samples {
  return classesOf(circlesTable(options));
}

export function circlesTable(options: PointsOptions = {}): Table {
  const circle = (radius: number) => (u: number) =>
    [radius * math.cos(2 * Math.PI * u), radius * math.sin(2 * Math.PI * u)] as const;
  return pointsOnCurves("circles", [circle(1), circle(0.5)], { noise: 0.05, ...options });
}
