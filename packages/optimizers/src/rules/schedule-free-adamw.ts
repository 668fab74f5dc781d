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
  unbiased,
  zeros,
} from "@downhill/core";
import { averageOf, averageWeight } from "./schedule-free.js";

/**
 * Schedule-free AdamW: an average takes the place of a decaying learning rate.
 *
 *     γ_t = γ min(1, t / T)
 *     v ← β2 v + (1 - β2) g²,   v̂ = v / (1 - β2^t)
 *     z ← z - γ_t (g / (√v̂ + ε) + λ y)
 *     x ← (1 - c) x + c z,   c = w / Σ w,  w = t^r (max γ so far)^power
 *     y ← (1 - β1) z + β1 x
 *
 * The parameters are y, where gradients are taken; the view is x, to evaluate and to keep.
 *
 * Defazio et al., "The road less scheduled", NeurIPS 2024, algorithm 1 with appendix's AdamW variant, as the authors'
 * code: decay is taken at y, beside the normalized gradient. T is `warmupSteps`.
 */
export const scheduleFreeAdamw = defineOptimizer({
  name: "schedule-free-adamw",
  paper: "https://arxiv.org/abs/2405.15682",
  hyper: {
    learningRate: rate(2.5e-3),
    beta1: {
      default: 0.9,
      above: 0,
      below: 1,
      about: "Where between z and their average gradients are taken.",
    },
    beta2: beta(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: decay(0),
    warmupSteps: { default: 0, min: 0, about: "Steps until the learning rate reaches its value." },
    r: { default: 0, min: 0, about: "Power of the step in the weights of the average." },
    weightLrPower: { default: 2, min: 0, about: "Power of the learning rate in the weights of the average." },
  },
  state: { z: copy, v: zeros, weightSum: scalar(0), largest: scalar(0) },
  update({ parameter: y, gradient: g, t, ...old }, hyper) {
    const { learningRate, beta1, beta2, epsilon, weightDecay, warmupSteps } = hyper;
    const gamma = learningRate.mul(t.div(warmupSteps).minimum(1));
    const { c, ...sums } = averageWeight(t, gamma, old, hyper);
    const v = ema(beta2, old.v, g.square());
    const normalized = g.div(unbiased(v, beta2, t).sqrt().add(epsilon));
    const z = old.z.sub(gamma.mul(normalized.add(weightDecay.mul(y))));
    const x = ema(oneMinus(c), averageOf(y, old.z, beta1), z);
    return { parameter: ema(beta1, x, z), z, v, ...sums };
  },
  view: ({ parameter: y, z }, { beta1 }) => averageOf(y, z, beta1),
});
