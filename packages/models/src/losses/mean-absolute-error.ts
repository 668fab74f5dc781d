import type { Tensor } from "@downhill/core";
import { checkSameShape } from "./check-shapes.js";
import { type LossOptions, weightedMean } from "./weighted-mean.js";

/** Mean of |prediction - target|. Both [rows] or [rows, outputs]. */
export function meanAbsoluteError(prediction: Tensor, target: Tensor, { weight }: LossOptions = {}): Tensor {
  checkSameShape("meanAbsoluteError", prediction, target);
  return weightedMean(prediction.sub(target).abs(), weight);
}
