import { oneMinus, type Tensor } from "@downhill/core";

/** Dozat's schedule of the momentum: μ_t = β1 (1 - 0.96^(t ψ) / 2). */
export function nesterovMomentum(beta1: Tensor, t: Tensor, psi: Tensor): Tensor {
  const growing = t.mul(psi).mul(Math.log(0.96)).exp();
  return beta1.mul(oneMinus(growing.mul(0.5)));
}
