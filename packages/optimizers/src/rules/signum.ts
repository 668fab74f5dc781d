import { beta, decay, defineOptimizer, ema, rate, zeros } from "@downhill/core";

/**
 * Signum: signSGD with momentum.
 *
 *     m ← β m + (1 - β) g
 *     p ← p (1 - η λ) - η sign(m)
 *
 * Bernstein et al., "signSGD: compressed optimisation for non-convex problems", ICML 2018, algorithm 2.
 */
export const signum = defineOptimizer({
  name: "signum",
  paper: "https://arxiv.org/abs/1802.04434",
  hyper: { learningRate: rate(1e-3), beta: beta(0.9), weightDecay: decay(0) },
  state: { m: zeros },
  update({ gradient: g, ...old }, { learningRate, beta, weightDecay }) {
    const m = ema(beta, old.m, g);
    return { step: learningRate.mul(m.sign()), decay: learningRate.mul(weightDecay), m };
  },
});
