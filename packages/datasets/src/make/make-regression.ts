import { randomStream } from "@downhill/core";
import type { Samples } from "../samples.js";
import { type Table, tableOf } from "../table.js";
import { toSamples } from "../to-samples.js";
import { requireFrom0, requireWhole } from "./points.js";

export interface RegressionOptions {
  /** Default 100. */
  readonly rows?: number;
  /** Default 1. */
  readonly features?: number;
  /** Standard deviation of the normal noise on the target. Default 1. */
  readonly noise?: number;
  /** A whole number from 0. Default 0. */
  readonly seed?: number;
}

/** Made rows and the line they were made from: y = x·weights + intercept + noise. */
export interface MadeRegression {
  readonly samples: Samples;
  /** [features] */
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * Rows around a known plane: features are standard normal; weights and intercept are drawn uniformly from [-10, 10).
 * x: [rows, features].
 */
export function makeRegression(options: RegressionOptions = {}): MadeRegression {
  const { table, ...truth } = drawRegression(options);
  return { samples: toSamples(table, { target: "y" }), ...truth };
}

export function drawRegression({ rows = 100, features = 1, noise = 1, seed = 0 }: RegressionOptions = {}): {
  readonly table: Table;
  readonly weights: Float64Array;
  readonly intercept: number;
} {
  requireWhole("regression", "rows", rows, 1);
  requireWhole("regression", "features", features, 1);
  requireFrom0("regression", "noise", noise);
  const random = randomStream(seed).fork("regression");
  const intercept = 20 * random.uniform() - 10;
  const weights = Float64Array.from({ length: features }, () => 20 * random.uniform() - 10);
  const columns: Record<string, Float64Array> = {};
  const y = new Float64Array(rows).fill(intercept);
  for (let j = 0; j < features; j++) {
    const x = Float64Array.from({ length: rows }, () => random.normal());
    for (let row = 0; row < rows; row++) y[row]! += weights[j]! * x[row]!;
    columns[`x${j}`] = x;
  }
  for (let row = 0; row < rows; row++) y[row]! += noise * random.normal();
  return { table: tableOf("regression", { ...columns, y }), weights, intercept };
}
