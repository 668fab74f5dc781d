import { beta, decay, defineOptimizer, ema, epsilon, rate, zeros } from "@downhill/core";

/**
 * Adadelta: steps in the parameters' own units, from the root mean squares of past steps and gradients.
 *
 *     g ← g + λ p
 *     a ← ρ a + (1 - ρ) g²
 *     d = √(u + ε) / √(a + ε) · g
 *     u ← ρ u + (1 - ρ) d²
 *     p ← p - η d
 *
 * Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1, where η is 1 and λ is 0. Keras's defaults are
 * η 0.001, ρ 0.95, ε 1e-7.
 */
export const adadelta = defineOptimizer({
  name: "adadelta",
  paper: "https://arxiv.org/abs/1212.5701",
  hyper: { learningRate: rate(1), rho: beta(0.9), epsilon: epsilon(1e-6), weightDecay: decay(0) },
  state: { a: zeros, u: zeros },
  update({ parameter: p, gradient, ...old }, { learningRate, rho, epsilon, weightDecay }) {
    const g = gradient.add(weightDecay.mul(p));
    const a = ema(rho, old.a, g.square());
    const d = old.u.add(epsilon).sqrt().div(a.add(epsilon).sqrt()).mul(g);
    const u = ema(rho, old.u, d.square());
    return { step: learningRate.mul(d), a, u };
  },
});
