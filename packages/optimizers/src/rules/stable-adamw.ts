import {
  beta,
  decay,
  defineOptimizer,
  ema,
  epsilon,
  oneMinus,
  rate,
  type Tensor,
  zeros,
} from "@downhill/core";

/**
 * StableAdamW: AdamW with Adafactor's update clipping, tensor by tensor.
 *
 *     m ← β̂1 m + (1 - β̂1) g
 *     v ← β̂2 v + (1 - β̂2) g²,   β̂ = β (1 - β^(t-1)) / (1 - β^t)
 *     η_t = η / max(1, RMS(g / max(√v, ε)))
 *     p ← p (1 - η_t λ) - η_t m / (√v + ε)
 *
 * Wortsman et al., "Stable and low-precision training for large-scale vision-language models", NeurIPS 2023,
 * algorithm 2; β̂ has the bias correction in it.
 */
export const stableAdamw = defineOptimizer({
  name: "stable-adamw",
  paper: "https://arxiv.org/abs/2304.13013",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.99),
    epsilon: epsilon(1e-8),
    weightDecay: decay(1e-2),
  },
  state: { m: zeros, v: zeros },
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon, weightDecay }) {
    const hat = (beta: Tensor) => beta.mul(oneMinus(beta.pow(t.sub(1)))).div(oneMinus(beta.pow(t)));
    const m = ema(hat(beta1), old.m, g);
    const v = ema(hat(beta2), old.v, g.square());
    const size = g.square().div(v.maximum(epsilon.square())).mean().sqrt();
    const eta = learningRate.div(size.maximum(1));
    return { step: eta.mul(m).div(v.sqrt().add(epsilon)), decay: eta.mul(weightDecay), m, v };
  },
});
