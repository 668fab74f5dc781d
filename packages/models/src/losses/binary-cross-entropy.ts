import type { Tensor } from "@downhill/core";
import { checkSameShape } from "./check-shapes.js";
import { type LossOptions, weightedMean } from "./weighted-mean.js";

/**
 * Mean of -y·log σ(z) - (1 - y)·log(1 - σ(z)) for logits z and targets y from 0 to 1, both [rows] or
 * [rows, outputs]; computed as softplus(z) - y·z, which neither overflows nor takes the logarithm of 0.
 *
 * As PyTorch's BCEWithLogitsLoss.
 */
export function binaryCrossEntropy(logits: Tensor, target: Tensor, { weight }: LossOptions = {}): Tensor {
  checkSameShape("binaryCrossEntropy", logits, target);
  return weightedMean(logits.softplus().sub(target.mul(logits)), weight);
}
