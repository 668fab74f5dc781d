import {
  beta,
  copy,
  decay,
  defineOptimizer,
  ema,
  epsilon,
  oneMinus,
  rate,
  scalar,
  sumOverParameters,
  where,
  zeros,
} from "@downhill/core";

/**
 * Prodigy: Adam with a learning rate that is found while it runs, from an estimate d of the distance to the solution.
 *
 *     δ = d η                       (with `biasCorrection` times √(1 - β2^t) / (1 - β1^t))
 *     m ← β1 m + (1 - β1) d g
 *     v ← β2 v + (1 - β2) d² g²
 *     r ← β3 r + (d / d₀) δ ⟨g, p₀ - p⟩
 *     s ← β3 s + (d / d₀) δ g       (with `safeguardWarmup` d for δ)
 *     d̂ = d_coef r / ‖s‖₁,   d' = max(d, d̂)
 *     p ← p (1 - δ λ) - δ m / (√v + d' ε)
 *
 * ⟨⟩ and ‖‖₁ over all parameters. Mishchenko and Defazio, "Prodigy: an expeditiously adaptive parameter-free learner",
 * ICML 2024, algorithm 4, in the authors' code's form. `growthRate` bounds d' by that times d. β3 is √β2 in the
 * authors' code: give it where you change β2. `decoupled: false` has g ← g + λ p for the decay.
 */
export const prodigy = defineOptimizer({
  name: "prodigy",
  paper: "https://arxiv.org/abs/2306.06101",
  hyper: {
    learningRate: rate(1, "Factor of the estimated learning rate; leave it at 1, or give it a schedule."),
    beta1: beta(0.9),
    beta2: beta(0.999),
    beta3: beta(Math.sqrt(0.999), "Decay factor of the sums that estimate d."),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
    d0: { default: 1e-6, above: 0, log: true, about: "First estimate of the distance." },
    dCoefficient: { default: 1, above: 0, log: true, about: "Factor of the estimate." },
    growthRate: {
      default: Number.POSITIVE_INFINITY,
      min: 1,
      about: "Most that the estimate may grow by in a step.",
    },
  },
  options: { biasCorrection: false, safeguardWarmup: false, decoupled: true },
  state: {
    m: zeros,
    v: zeros,
    s: zeros,
    p0: copy,
    r: scalar(0, "run"),
    d: scalar("d0", "run"),
    dMax: scalar("d0", "run"),
  },
  update({ parameter: p, gradient, t, ...old }, hyper, { biasCorrection, safeguardWarmup, decoupled }) {
    const { learningRate, beta1, beta2, beta3, epsilon, weightDecay, d0, dCoefficient, growthRate } = hyper;
    const g = decoupled ? gradient : gradient.add(weightDecay.mul(p));
    const correction = oneMinus(beta2.pow(t))
      .sqrt()
      .div(oneMinus(beta1.pow(t)));
    const delta = old.d.mul(biasCorrection ? learningRate.mul(correction) : learningRate);
    const growth = old.d.div(d0);
    const m = ema(beta1, old.m, old.d.mul(g));
    const v = ema(beta2, old.v, old.d.mul(g).square());
    const r = beta3.mul(old.r).add(growth.mul(delta).mul(sumOverParameters(g.dot(old.p0.sub(p)))));
    const s = beta3.mul(old.s).add(growth.mul(safeguardWarmup ? old.d : delta).mul(g));
    const size = sumOverParameters(s.abs().sum());
    const dHat = where(size.eq(0), 0, dCoefficient.mul(r).div(size));
    const dMax = old.dMax.maximum(dHat);
    // The first real estimate is taken whole: only from then on is its growth bounded.
    const d = dMax.minimum(where(old.d.eq(d0), old.d.maximum(dHat), old.d).mul(growthRate));
    const step = delta.mul(m).div(v.sqrt().add(d.mul(epsilon)));
    return { step, ...(decoupled && { decay: delta.mul(weightDecay) }), m, v, s, p0: old.p0, r, d, dMax };
  },
});
