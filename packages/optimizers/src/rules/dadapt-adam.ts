import {
  beta,
  decay,
  defineOptimizer,
  ema,
  epsilon,
  oneMinus,
  rate,
  scalar,
  where,
  zeros,
} from "@downhill/core";
import { adamCorrection } from "./bias-correction.js";
import { dotOverParameters, norm1OverParameters } from "./norms.js";

/**
 * D-Adaptation of Adam: a learning rate found while it runs, from an estimate d of the distance to the solution.
 *
 *     δ = d η    (with `biasCorrection` times √(1 - β2^t) / (1 - β1^t))
 *     r ← √β2 r + (1 - √β2) δ ⟨g, s / (√v + ε)⟩
 *     m ← β1 m + (1 - β1) δ g
 *     v ← β2 v + (1 - β2) g²
 *     s ← √β2 s + (1 - √β2) δ g
 *     d̂ = r / ((1 - √β2) ‖s‖₁),   d ← max(d, min(d̂, growth d))
 *     p ← p - m / (√v + ε)
 *
 * ⟨⟩ and ‖‖₁ over all parameters. Defazio and Mishchenko, "Learning-rate-free learning by D-adaptation", ICML 2023,
 * algorithm 5, in the authors' code's form. Decay is g ← g + λ p, or with `decoupled` p ← p (1 - δ λ).
 */
export const dadaptAdam = defineOptimizer({
  name: "dadapt-adam",
  paper: "https://arxiv.org/abs/2301.07733",
  hyper: {
    learningRate: rate(1, "Factor of the estimated learning rate; leave it at 1, or give it a schedule."),
    beta1: beta(0.9),
    beta2: beta(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
    d0: { default: 1e-6, above: 0, log: true, about: "First estimate of the distance." },
    growthRate: {
      default: Infinity,
      min: 1,
      max: Infinity,
      about: "Most that the estimate may grow by in a step.",
    },
  },
  options: { biasCorrection: false, decoupled: false },
  state: { m: zeros, v: zeros, s: zeros, r: scalar(0, "run"), d: scalar("d0", "run") },
  update({ parameter: p, gradient, t, ...old }, hyper, { biasCorrection, decoupled }) {
    const { learningRate, beta1, beta2, epsilon, weightDecay, growthRate } = hyper;
    const g = decoupled ? gradient : gradient.add(weightDecay.mul(p));
    const eta = biasCorrection ? learningRate.mul(adamCorrection(beta1, beta2, t)) : learningRate;
    const delta = old.d.mul(eta);
    const root = beta2.sqrt();
    const progress = dotOverParameters(g, old.s.div(old.v.sqrt().add(epsilon)));
    const r = ema(root, old.r, delta.mul(progress));
    const m = ema(beta1, old.m, delta.mul(g));
    const v = ema(beta2, old.v, g.square());
    const s = ema(root, old.s, delta.mul(g));
    const size = oneMinus(root).mul(norm1OverParameters(s));
    const dHat = where(size.eq(0), 0, r.div(size));
    const d = old.d.maximum(dHat.minimum(old.d.mul(growthRate)));
    const step = m.div(v.sqrt().add(epsilon));
    return { step, ...(decoupled && { decay: delta.mul(weightDecay) }), m, v, s, r, d };
  },
});
