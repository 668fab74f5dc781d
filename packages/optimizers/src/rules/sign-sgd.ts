import { defineOptimizer, rate } from "@downhill/core";

/**
 * signSGD: p ← p - η sign(g). Without state.
 *
 * Bernstein et al., "signSGD: compressed optimisation for non-convex problems", ICML 2018, algorithm 1.
 */
export const signSgd = defineOptimizer({
  name: "sign-sgd",
  paper: "https://arxiv.org/abs/1802.04434",
  hyper: { learningRate: rate(1e-3) },
  update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g.sign()) }),
});
