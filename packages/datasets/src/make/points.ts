import { randomStream } from "@downhill/core";
import { DataError } from "../data-error.js";
import type { Samples } from "../samples.js";
import { type Table, tableOf } from "../table.js";
import { toSamples } from "../to-samples.js";

/** What the makers of points in classes have in common. */
export interface PointsOptions {
  /** Number of points, divided evenly among the classes. Default 200. */
  readonly rows?: number;
  /** Standard deviation of the normal noise on both coordinates. */
  readonly noise?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
}

/** Draws u in [0, 1) and gives the point at u of a class's curve. */
export type Curve = (u: number) => readonly [number, number];

/** Points on one curve per class, with noise: columns x0, x1 and class (0, 1, …). */
export function pointsOnCurves(
  name: string,
  curves: readonly Curve[],
  { rows = 200, noise = 0, seed = 0 }: PointsOptions,
): Table {
  requireWhole(name, "rows", rows, curves.length);
  requireFrom0(name, "noise", noise);
  const random = randomStream(seed).fork(name);
  const columns = { x0: new Float64Array(rows), x1: new Float64Array(rows), class: new Float64Array(rows) };
  for (let row = 0; row < rows; row++) {
    const label = row % curves.length;
    const [x0, x1] = curves[label]!(random.uniform());
    columns.x0[row] = x0 + noise * random.normal();
    columns.x1[row] = x1 + noise * random.normal();
    columns.class[row] = label;
  }
  return tableOf(name, columns);
}

export function classesOf(table: Table): Samples {
  return toSamples(table, { target: "class", task: "classification" });
}

export function requireWhole(maker: string, option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new DataError(`${maker}: ${option} is ${value}, expected a whole number from ${least}.`);
}

export function requireFrom0(maker: string, option: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new DataError(`${maker}: ${option} is ${value}, expected a number from 0.`);
}
