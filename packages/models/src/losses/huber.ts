import type { Tensor } from "@downhill/core";
import { requireNumber } from "../check.js";
import { checkSameShape } from "./check-shapes.js";
import { type LossOptions, weightedMean } from "./weighted-mean.js";

export interface HuberOptions extends LossOptions {
  /** Error from which the loss is linear, in the target's unit; above 0, default 1. */
  readonly delta?: number;
}

/**
 * Mean of ½e² for errors |e| ≤ δ and δ·(|e| - ½δ) beyond: squared near 0, absolute for outliers. Both [rows] or
 * [rows, outputs].
 *
 * Huber, "Robust estimation of a location parameter", 1964. As PyTorch's HuberLoss; scikit-learn's HuberRegressor
 * leaves the ½ out and scales errors by an estimate of their deviation.
 */
export function huber(prediction: Tensor, target: Tensor, { delta = 1, weight }: HuberOptions = {}): Tensor {
  requireNumber("huber", "delta", delta, { above: 0 });
  checkSameShape("huber", prediction, target);
  const e = prediction.sub(target).abs();
  const c = e.minimum(delta);
  return weightedMean(c.mul(e.sub(c.mul(0.5))), weight);
}
