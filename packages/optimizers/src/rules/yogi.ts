import { beta, defineOptimizer, ema, epsilon, filled, oneMinus, rate, unbiased } from "@downhill/core";

/**
 * Yogi: Adam whose second moment moves towards g² by a bounded amount, so that it cannot shrink fast.
 *
 *     m ← β1 m + (1 - β1) g
 *     v ← v - (1 - β2) sign(v - g²) g²
 *     p ← p - η m̂ / (√v̂ + ε),   m̂ = m / (1 - β1^t),  v̂ = v / (1 - β2^t)
 *
 * Zaheer et al., "Adaptive methods for nonconvex optimization", NeurIPS 2018, algorithm 2, without bias corrections;
 * those, and both moments' start at 1e-6, are TensorFlow Addons' and optax's.
 */
export const yogi = defineOptimizer({
  name: "yogi",
  paper: "https://papers.nips.cc/paper/8186-adaptive-methods-for-nonconvex-optimization",
  hyper: {
    learningRate: rate(1e-2),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-3),
    initialAccumulatorValue: { default: 1e-6, min: 0, log: true, about: "First value of both moments." },
  },
  state: { m: filled("initialAccumulatorValue"), v: filled("initialAccumulatorValue") },
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon }) {
    const m = ema(beta1, old.m, g);
    const v = old.v.sub(oneMinus(beta2).mul(old.v.sub(g.square()).sign()).mul(g.square()));
    const mHat = unbiased(m, beta1, t);
    const vHat = unbiased(v, beta2, t);
    return { step: learningRate.mul(mHat).div(vHat.sqrt().add(epsilon)), m, v };
  },
});
