import type { Tensor } from "@downhill/core";
import { checkSameShape } from "./check-shapes.js";
import { type LossOptions, weightedMean } from "./weighted-mean.js";

/** Mean of (prediction - target)², without the factor ½. Both [rows] or [rows, outputs]. */
export function meanSquaredError(prediction: Tensor, target: Tensor, { weight }: LossOptions = {}): Tensor {
  checkSameShape("meanSquaredError", prediction, target);
  return weightedMean(prediction.sub(target).square(), weight);
}
