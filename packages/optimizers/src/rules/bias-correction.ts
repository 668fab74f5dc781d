import { oneMinus, type Tensor } from "@downhill/core";

/** Adam's bias corrections as a factor of its learning rate: √(1 - β2^t) / (1 - β1^t). */
export function adamCorrection(beta1: Tensor, beta2: Tensor, t: Tensor): Tensor {
  const root = oneMinus(beta2.pow(t)).sqrt();
  return root.div(oneMinus(beta1.pow(t)));
}
