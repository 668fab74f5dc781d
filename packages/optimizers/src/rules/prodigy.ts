import { beta, copy, decay, defineOptimizer, ema, epsilon, rate, scalar, where, zeros } from "@downhill/core";
import { adamCorrection } from "./bias-correction.js";
import { dotOverParameters, norm1OverParameters } from "./norms.js";

/**
 * Prodigy: Adam with a learning rate that is found while it runs, from an estimate d of the distance to the solution.
 *
 *     d = k d₀,   δ = d η           (with `biasCorrection` times √(1 - β2^t) / (1 - β1^t))
 *     m ← β1 m + (1 - β1) d g
 *     v ← β2 v + (1 - β2) d² g²
 *     r ← β3 r + k δ ⟨g, p₀ - p⟩
 *     s ← β3 s + k δ g              (with `safeguardWarmup` d for δ)
 *     k ← max(k, (d_coef / d₀) r / ‖s‖₁)
 *     p ← p (1 - δ λ) - δ m / (√v + k d₀ ε)
 *
 * ⟨⟩ and ‖‖₁ over all parameters. Mishchenko and Defazio, "Prodigy: an expeditiously adaptive parameter-free learner",
 * ICML 2024, algorithm 4, in the authors' code's form; k is d in units of d₀, exactly 1 at first in any precision.
 * `growthRate` is the most that k grows by in a step. β3 is √β2 in the authors' code: give it where you change β2.
 * `decoupled: false` has g ← g + λ p for the decay.
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
      default: Infinity,
      min: 1,
      max: Infinity,
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
    k: scalar(1, "run"),
    kMax: scalar(1, "run"),
  },
  update({ parameter: p, gradient, t, ...old }, hyper, { biasCorrection, safeguardWarmup, decoupled }) {
    const { learningRate, beta1, beta2, beta3, epsilon, weightDecay, d0, dCoefficient, growthRate } = hyper;
    const g = decoupled ? gradient : gradient.add(weightDecay.mul(p));
    const eta = biasCorrection ? learningRate.mul(adamCorrection(beta1, beta2, t)) : learningRate;
    const [d, delta] = [d0.mul(old.k), d0.mul(old.k).mul(eta)];
    const m = ema(beta1, old.m, d.mul(g));
    const v = ema(beta2, old.v, d.mul(g).square());
    const r = beta3.mul(old.r).add(old.k.mul(delta).mul(dotOverParameters(g, old.p0.sub(p))));
    const s = beta3.mul(old.s).add(old.k.mul(safeguardWarmup ? d : delta).mul(g));
    const size = norm1OverParameters(s);
    const kHat = where(size.eq(0), 0, dCoefficient.div(d0).mul(r.div(size)));
    const kMax = old.kMax.maximum(kHat);
    // The first real estimate is taken whole: only from then on is its growth bounded.
    const k = kMax.minimum(where(old.k.eq(1), kMax, old.k).mul(growthRate));
    const step = delta.mul(m).div(v.sqrt().add(d0.mul(k).mul(epsilon)));
    return { step, ...(decoupled && { decay: delta.mul(weightDecay) }), m, v, s, p0: old.p0, r, k, kMax };
  },
});
