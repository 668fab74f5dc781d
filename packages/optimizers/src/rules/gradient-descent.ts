import { defineOptimizer, rate } from "@downhill/core";

/**
 * Gradient descent: p ← p - η g. Without state.
 *
 * Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", 1847.
 */
export const gradientDescent = defineOptimizer({
  name: "gradient-descent",
  paper: "Cauchy 1847",
  hyper: { learningRate: rate(1e-3) },
  update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g) }),
});
