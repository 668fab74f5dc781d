import { beta, decay, defineOptimizer, ema, epsilon, rate, unbiased, where, zeros } from "@downhill/core";

/**
 * Adan: adaptive Nesterov momentum, from gradients and their differences.
 *
 *     d = g - g',   g' the gradient before (d = 0 at t = 1)
 *     m ← β1 m + (1 - β1) g
 *     v ← β2 v + (1 - β2) d
 *     n ← β3 n + (1 - β3) (g + β2 d)²
 *     p ← (p - η (m̂ + β2 v̂) / (√n̂ + ε)) / (1 + η λ)
 *
 * with m̂ = m / (1 - β1^t) and so on. Xie et al., "Adan: adaptive Nesterov momentum algorithm for faster optimizing deep
 * models", TPAMI 2024, algorithm 1; its β are 1 minus these, and the bias corrections are in the authors' code.
 * `noProx` decays p ← p (1 - η λ) before the step instead. optax has 1 - β2 where β2 is meant.
 */
export const adan = defineOptimizer({
  name: "adan",
  paper: "https://arxiv.org/abs/2208.06677",
  hyper: {
    learningRate: rate(1e-3),
    beta1: beta(0.98),
    beta2: beta(0.92, "Decay factor of the mean difference."),
    beta3: beta(0.99),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
  },
  options: { noProx: false },
  state: { m: zeros, v: zeros, n: zeros, before: zeros },
  update({ parameter: p, gradient: g, t, ...old }, hyper, { noProx }) {
    const { learningRate, beta1, beta2, beta3, epsilon, weightDecay } = hyper;
    const d = where(t.eq(1), 0, g.sub(old.before));
    const m = ema(beta1, old.m, g);
    const v = ema(beta2, old.v, d);
    const n = ema(beta3, old.n, g.add(beta2.mul(d)).square());
    const direction = unbiased(m, beta1, t).add(beta2.mul(unbiased(v, beta2, t)));
    const step = learningRate.mul(direction).div(unbiased(n, beta3, t).sqrt().add(epsilon));
    const decay = learningRate.mul(weightDecay);
    const change = noProx ? { step, decay } : { parameter: p.sub(step).div(decay.add(1)) };
    return { ...change, m, v, n, before: g };
  },
});
