import { math } from "@downhill/core";
import type { Samples } from "../samples.js";
import type { Table } from "../table.js";
import { classesOf, type PointsOptions, pointsOnCurves } from "./points.js";

/**
 * Two arms of an Archimedean spiral, the classes 0 and 1, each one and a half turns from the origin to radius 1;
 * `noise` is 0.02 by default. Hard for small networks. x: [rows, 2].
 */
export function makeSpiral(options: PointsOptions = {}): Samples {
  return classesOf(spiralTable(options));
}

export function spiralTable(options: PointsOptions = {}): Table {
  const arm = (start: number) => (u: number) => {
    // Points are even in area, else they would crowd at the centre.
    const radius = Math.sqrt(u);
    const angle = 3 * Math.PI * radius + start;
    return [radius * math.cos(angle), radius * math.sin(angle)] as const;
  };
  return pointsOnCurves("spiral", [arm(0), arm(Math.PI)], { noise: 0.02, ...options });
}
