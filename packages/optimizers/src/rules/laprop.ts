import { beta, defineOptimizer, ema, epsilon, rate, unbiased, zeros } from "@downhill/core";

/**
 * LaProp: momentum of normalized gradients, where Adam normalizes the momentum of gradients.
 *
 *     n ← ν n + (1 - ν) g²,   n̂ = n / (1 - ν^t)
 *     m ← μ m + (1 - μ) g / (√n̂ + ε),   m̂ = m / (1 - μ^t)
 *     p ← p - η m̂
 *
 * Ziyin, Wang, Ueda, "LaProp: separating momentum and adaptivity in Adam", 2020, algorithm 1; μ and ν are beta1, beta2.
 * timm has η in the momentum, so that a changing one acts with delay.
 */
export const laprop = defineOptimizer({
  name: "laprop",
  paper: "https://arxiv.org/abs/2002.04839",
  hyper: { learningRate: rate(4e-4), beta1: beta(0.9), beta2: beta(0.999), epsilon: epsilon(1e-15) },
  state: { m: zeros, n: zeros },
  update({ gradient: g, t, ...old }, { learningRate, beta1: mu, beta2: nu, epsilon }) {
    const n = ema(nu, old.n, g.square());
    const m = ema(mu, old.m, g.div(unbiased(n, nu, t).sqrt().add(epsilon)));
    return { step: learningRate.mul(unbiased(m, mu, t)), m, n };
  },
});
