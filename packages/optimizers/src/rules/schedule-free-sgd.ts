import { copy, decay, defineOptimizer, ema, oneMinus, rate, scalar } from "@downhill/core";
import { averageOf, averageWeight } from "./schedule-free.js";

/**
 * Schedule-free SGD: an average takes the place of a decaying learning rate.
 *
 *     γ_t = γ min(1, t / T)
 *     z ← z - γ_t (g + λ y)
 *     x ← (1 - c) x + c z,   c = w / Σ w,  w = t^r (max γ so far)^power
 *     y ← (1 - β) z + β x
 *
 * The parameters are y, where gradients are taken; the view is x, to evaluate and to keep.
 *
 * Defazio et al., "The road less scheduled", NeurIPS 2024, algorithm 1, with the authors' code's weights and warmup; β is
 * `momentum`, T `warmupSteps`, and decay is coupled at y. Keras weighs all steps alike.
 */
export const scheduleFreeSgd = defineOptimizer({
  name: "schedule-free-sgd",
  paper: "https://arxiv.org/abs/2405.15682",
  hyper: {
    learningRate: rate(1),
    momentum: {
      default: 0.9,
      above: 0,
      below: 1,
      about: "Where between z and their average gradients are taken.",
    },
    weightDecay: decay(0),
    warmupSteps: { default: 0, min: 0, about: "Steps until the learning rate reaches its value." },
    r: { default: 0, min: 0, about: "Power of the step in the weights of the average." },
    weightLrPower: { default: 2, min: 0, about: "Power of the learning rate in the weights of the average." },
  },
  state: { z: copy, weightSum: scalar(0), largest: scalar(0) },
  update({ parameter: y, gradient: g, t, ...old }, hyper) {
    const { learningRate, momentum: beta, weightDecay, warmupSteps } = hyper;
    const gamma = learningRate.mul(t.div(warmupSteps).minimum(1));
    const { c, ...sums } = averageWeight(t, gamma, old, hyper);
    const z = old.z.sub(gamma.mul(g.add(weightDecay.mul(y))));
    const x = ema(oneMinus(c), averageOf(y, old.z, beta), z);
    return { parameter: ema(beta, x, z), z, ...sums };
  },
  view: ({ parameter: y, z }, { momentum: beta }) => averageOf(y, z, beta),
});
