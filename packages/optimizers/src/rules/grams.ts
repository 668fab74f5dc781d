import { beta, decay, defineOptimizer, ema, epsilon, rate, unbiased, zeros } from "@downhill/core";

/**
 * Grams: the size of Adam's step, the sign of the gradient.
 *
 *     m ← β1 m + (1 - β1) g,   m̂ = m / (1 - β1^t)
 *     v ← β2 v + (1 - β2) g²,   v̂ = v / (1 - β2^t)
 *     p ← p (1 - η λ) - η sign(g) |m̂ / (√v̂ + ε)|
 *
 * Cao, Li, Song, "Grams: gradient descent with adaptive momentum scaling", 2024, algorithm 1.
 */
export const grams = defineOptimizer({
  name: "grams",
  paper: "https://arxiv.org/abs/2412.17107",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-6),
    weightDecay: decay(0),
  },
  state: { m: zeros, v: zeros },
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, epsilon, weightDecay }) {
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const u = unbiased(m, beta1, t).div(unbiased(v, beta2, t).sqrt().add(epsilon));
    return { step: learningRate.mul(g.sign()).mul(u.abs()), decay: learningRate.mul(weightDecay), m, v };
  },
});
