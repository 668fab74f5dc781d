import { beta, decay, defineOptimizer, ema, rate, zeros } from "@downhill/core";

/**
 * Lion: the sign of an average of gradient and momentum.
 *
 *     c = β1 m + (1 - β1) g
 *     p ← p (1 - η λ) - η sign(c)
 *     m ← β2 m + (1 - β2) g
 *
 * Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, algorithm 2. Keras's η is 0.001, optax's λ
 * 0.001; Optimisers.jl exchanges the weights of the momentum.
 */
export const lion = defineOptimizer({
  name: "lion",
  paper: "https://arxiv.org/abs/2302.06675",
  hyper: { learningRate: rate(1e-4), beta1: beta(0.9), beta2: beta(0.99), weightDecay: decay(0) },
  state: { m: zeros },
  update({ gradient: g, ...old }, { learningRate, beta1, beta2, weightDecay }) {
    const c = ema(beta1, old.m, g);
    const m = ema(beta2, old.m, g);
    return { step: learningRate.mul(c.sign()), decay: learningRate.mul(weightDecay), m };
  },
});
