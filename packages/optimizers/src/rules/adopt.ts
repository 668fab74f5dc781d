import { beta, decay, defineOptimizer, ema, epsilon, rate, where, zeros } from "@downhill/core";

/**
 * ADOPT: Adam that normalizes by the second moment of the gradients before, and takes the momentum after.
 *
 *     t = 1:  v ← g², no step
 *     t > 1:  m ← β1 m + (1 - β1) clip(g / max(√v, ε), ±(t - 1)^¼)
 *             p ← p - η m
 *             v ← β2 v + (1 - β2) g²
 *
 * Taniguchi et al., "ADOPT: modified Adam can converge with any β2 with the optimal rate", NeurIPS 2024, algorithm 2;
 * the exponent ¼ is `clipExponent` (timm's is ⅓), and `clipping: false` is algorithm 1. Decay is g ← g + λ p, or with
 * `decoupled` p ← p (1 - η λ) from t = 2 on.
 */
export const adopt = defineOptimizer({
  name: "adopt",
  paper: "https://arxiv.org/abs/2411.02853",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.9999),
    epsilon: epsilon(1e-6, "Lower bound of the denominator."),
    clipExponent: {
      default: 0.25,
      min: 0,
      about: "Growth of the bound on normalized gradients with the steps.",
    },
    weightDecay: decay(0),
  },
  options: { clipping: true, decoupled: false },
  state: { m: zeros, v: zeros },
  update({ parameter: p, gradient, t, ...old }, hyper, { clipping, decoupled }) {
    const { learningRate, beta1, beta2, epsilon, clipExponent, weightDecay } = hyper;
    const g = decoupled ? gradient : gradient.add(weightDecay.mul(p));
    const isFirst = t.eq(1);
    const normalized = g.div(old.v.sqrt().maximum(epsilon));
    const c = t.sub(1).pow(clipExponent);
    const m = where(isFirst, 0, ema(beta1, old.m, clipping ? normalized.clamp(c.neg(), c) : normalized));
    const v = where(isFirst, g.square(), ema(beta2, old.v, g.square()));
    const decay = where(isFirst, 0, learningRate.mul(weightDecay));
    return { step: learningRate.mul(m), ...(decoupled && { decay }), m, v };
  },
});
