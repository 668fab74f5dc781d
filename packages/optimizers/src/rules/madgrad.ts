import { beta, copy, decay, defineOptimizer, ema, epsilon, rate, zeros } from "@downhill/core";

/**
 * MADGRAD: dual averaging with the cube root of squared gradients.
 *
 *     g ← g + Λ p
 *     λ = (η + ε) √t
 *     s ← s + λ g
 *     ν ← ν + λ g²
 *     z = p₀ - s / (∛ν + ε)
 *     p ← μ p + (1 - μ) z
 *
 * Defazio and Jelassi, "Adaptivity without compromise: a momentumized, adaptive, dual averaged gradient method for
 * stochastic optimization", JMLR 2022, algorithm 1, whose λ has no ε; the authors' code does.
 */
export const madgrad = defineOptimizer({
  name: "madgrad",
  paper: "https://arxiv.org/abs/2101.11075",
  hyper: {
    learningRate: rate(1e-2),
    momentum: beta(0.9, "Weight of the parameters in their average with the dual average's point."),
    epsilon: epsilon(1e-6),
    weightDecay: decay(0),
  },
  state: { s: zeros, nu: zeros, p0: copy },
  update({ parameter: p, gradient, t, ...old }, { learningRate, momentum, epsilon, weightDecay }) {
    const g = gradient.add(weightDecay.mul(p));
    const lambda = learningRate.add(epsilon).mul(t.sqrt());
    const s = old.s.add(lambda.mul(g));
    const nu = old.nu.add(lambda.mul(g.square()));
    const z = old.p0.sub(s.div(nu.cbrt().add(epsilon)));
    return { parameter: ema(momentum, p, z), s, nu, p0: old.p0 };
  },
});
