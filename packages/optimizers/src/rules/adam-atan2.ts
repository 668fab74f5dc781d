import { beta, decay, defineOptimizer, ema, rate, unbiased, zeros } from "@downhill/core";

/**
 * Adam-atan2: Adam with an arctangent for the quotient, so that it needs no ε and does not depend on the loss's scale.
 *
 *     m ← β1 m + (1 - β1) g,   m̂ = m / (1 - β1^t)
 *     v ← β2 v + (1 - β2) g²,   v̂ = v / (1 - β2^t)
 *     p ← p (1 - η λ) - η a atan2(m̂, b √v̂)
 *
 * Everett et al., "Scaling exponents across parameterizations and optimizers", ICML 2024, equation 2; a and b as in
 * lucidrains' adam-atan2-pytorch.
 */
export const adamAtan2 = defineOptimizer({
  name: "adam-atan2",
  paper: "https://arxiv.org/abs/2407.05872",
  hyper: {
    learningRate: rate(1e-4),
    beta1: beta(0.9),
    beta2: beta(0.99),
    a: { default: 1.27, above: 0, about: "Factor of the angle; 4/π makes 1 of a quotient of 1." },
    b: { default: 1, above: 0, about: "Factor of the denominator." },
    weightDecay: decay(0),
  },
  state: { m: zeros, v: zeros },
  update({ gradient: g, t, ...old }, { learningRate, beta1, beta2, a, b, weightDecay }) {
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, g.square());
    const angle = unbiased(m, beta1, t).atan2(b.mul(unbiased(v, beta2, t).sqrt()));
    return { step: learningRate.mul(a).mul(angle), decay: learningRate.mul(weightDecay), m, v };
  },
});
