import type { Tensor } from "@downhill/core";

/** How the rows of a loss count. */
export interface LossOptions {
  /** [rows], at least 0 and not all 0; every row counts the same when absent. */
  readonly weight?: Tensor;
}

/**
 * Σ w·l / Σ w over the rows of `losses` [rows, …]; a row's loss is the mean of its elements. NaN where all weights
 * are 0.
 */
export function weightedMean(losses: Tensor, weight?: Tensor): Tensor {
  if (weight === undefined) return losses.mean();
  const perRow = losses.shape.length > 1 ? losses.mean(losses.shape.slice(1).map((_, i) => i + 1)) : losses;
  return perRow.dot(weight).div(weight.sum());
}
