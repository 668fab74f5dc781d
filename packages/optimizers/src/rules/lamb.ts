import { beta, decay, defineOptimizer, ema, epsilon, rate, unbiased, zeros } from "@downhill/core";
import { trustRatio } from "./norms.js";

/**
 * LAMB: Adam's direction, scaled for each tensor to its own norm, for large batches.
 *
 *     m ← β1 m + (1 - β1) g,   m̂ = m / (1 - β1^t)
 *     v ← β2 v + (1 - β2) g²,   v̂ = v / (1 - β2^t)
 *     u = m̂ / (√v̂ + ε) + λ p
 *     p ← p - η ‖p‖ / ‖u‖ u    (ratio 1 where a norm is 0)
 *
 * You et al., "Large batch optimization for deep learning: training BERT in 76 minutes", ICLR 2020, algorithm 2, with φ
 * the identity. Libraries that clip the global norm to 1 first (timm) are `chain(clipByGlobalNorm(1), lamb())`.
 */
export const lamb = defineOptimizer({
  name: "lamb",
  paper: "https://arxiv.org/abs/1904.00962",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-6),
    weightDecay: decay(1e-2),
  },
  state: { m: zeros, v: zeros },
  update({ parameter: p, gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon, weightDecay }) {
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const r = unbiased(m, beta1, t).div(unbiased(v, beta2, t).sqrt().add(epsilon));
    const u = r.add(weightDecay.mul(p));
    return { step: learningRate.mul(trustRatio(p, u)).mul(u), m, v };
  },
});
