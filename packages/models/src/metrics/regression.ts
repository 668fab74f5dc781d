import { requireCount } from "../check.js";
import type { MetricOptions, Numbers } from "./numbers.js";

export interface RegressionMetricOptions extends MetricOptions {
  /** Numbers in a row, of predictions and targets alike: [rows, outputs], row-major. Default 1. */
  readonly outputs?: number;
}

/**
 * Coefficient of determination, 1 - Σ w·(y - ŷ)² / Σ w·(y - ȳ)²: 1 is perfect, 0 no better than the weighted mean
 * ȳ. For a target without variation 1 where the prediction is perfect and 0 where not, as in scikit-learn.
 * Of several outputs, the mean.
 */
export function r2(prediction: Numbers, target: Numbers, options: RegressionMetricOptions = {}): number {
  return meanOverOutputs("r2", prediction, target, options, (rows) => {
    const mean = weightedMean(rows, ({ y }) => y);
    const residual = weightedMean(rows, ({ error }) => error ** 2);
    const total = weightedMean(rows, ({ y }) => (y - mean) ** 2);
    return total === 0 ? Number(residual === 0) : 1 - residual / total;
  });
}

/** Root of the mean squared error, in the target's unit. Of several outputs, the mean. */
export function rmse(prediction: Numbers, target: Numbers, options: RegressionMetricOptions = {}): number {
  return meanOverOutputs("rmse", prediction, target, options, (rows) =>
    Math.sqrt(weightedMean(rows, ({ error }) => error ** 2)),
  );
}

/** Mean absolute error, in the target's unit. Of several outputs, the mean. */
export function mae(prediction: Numbers, target: Numbers, options: RegressionMetricOptions = {}): number {
  return meanOverOutputs("mae", prediction, target, options, (rows) =>
    weightedMean(rows, ({ error }) => Math.abs(error)),
  );
}

interface Row {
  readonly y: number;
  readonly error: number;
  readonly weight: number;
}

function meanOverOutputs(
  metric: string,
  prediction: Numbers,
  target: Numbers,
  { outputs = 1, weight }: RegressionMetricOptions,
  measure: (rows: readonly Row[]) => number,
): number {
  requireCount(metric, "outputs", outputs);
  const count = target.length / outputs;
  if (target.length === 0 || prediction.length !== target.length || !Number.isInteger(count)) {
    throw new RangeError(
      `${metric}: ${prediction.length} predictions and ${target.length} targets; expected as many of one as of the ` +
        `other, at least one row of ${outputs}.`,
    );
  }
  if (weight !== undefined && weight.length !== count) {
    throw new RangeError(`${metric}: ${weight.length} weights do not fit ${count} rows.`);
  }
  let sum = 0;
  for (let output = 0; output < outputs; output++) {
    const rows = Array.from({ length: count }, (_, row): Row => {
      const i = row * outputs + output;
      return { y: target[i]!, error: prediction[i]! - target[i]!, weight: weight?.[row] ?? 1 };
    });
    sum += measure(rows);
  }
  return sum / outputs;
}

function weightedMean(rows: readonly Row[], value: (row: Row) => number): number {
  let sum = 0;
  let weights = 0;
  for (const row of rows) {
    sum += row.weight * value(row);
    weights += row.weight;
  }
  return sum / weights;
}
