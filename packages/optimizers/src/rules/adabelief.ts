import { beta, decay, defineOptimizer, ema, epsilon, rate, unbiased, zeros } from "@downhill/core";

/**
 * AdaBelief: Adam with the gradient's squared distance from its own moving average in place of its square.
 *
 *     m ← β1 m + (1 - β1) g,   m̂ = m / (1 - β1^t)
 *     s ← β2 s + (1 - β2) (g - m)² + ε,   ŝ = s / (1 - β2^t)
 *     p ← p (1 - η λ) - η m̂ / (√ŝ + ε)
 *
 * Zhuang et al., "AdaBelief optimizer: adapting stepsizes by the belief in observed gradients", NeurIPS 2020,
 * algorithm 2; ε accumulates in s, and the m of the belief is the new one (optax had the old one until 2024-11).
 */
export const adabelief = defineOptimizer({
  name: "adabelief",
  paper: "https://arxiv.org/abs/2010.07468",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-16),
    weightDecay: decay(0),
  },
  state: { m: zeros, s: zeros },
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon, weightDecay }) {
    const m = ema(beta1, old.m, g);
    const s = ema(beta2, old.s, g.sub(m).square()).add(epsilon);
    const mHat = unbiased(m, beta1, t);
    const sHat = unbiased(s, beta2, t);
    const step = learningRate.mul(mHat).div(sHat.sqrt().add(epsilon));
    return { step, decay: learningRate.mul(weightDecay), m, s };
  },
});
