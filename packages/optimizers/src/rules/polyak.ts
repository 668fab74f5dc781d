import { defineOptimizer, epsilon, rate, sumOverParameters, where } from "@downhill/core";

/**
 * Polyak's step size: as long as the loss's distance from its minimum and the slope say.
 *
 *     p ← p - η min((f - f*) / (‖g‖² + ε), γ_max) g,   ‖g‖ over all parameters
 *
 * Polyak, "Introduction to optimization", 1987, section 5.3; for batches: Loizou et al., "Stochastic Polyak step-size for
 * SGD: an adaptive learning rate for fast convergence", AISTATS 2021, equation 4 with c = 1. "sps+" takes no step up
 * where f is below f*: Garrigos, Gower, Schaipp, "Function value learning", 2023, equation 2. Uses the loss itself.
 */
export const polyak = defineOptimizer({
  name: "polyak",
  paper: "https://arxiv.org/abs/2002.10542",
  hyper: {
    learningRate: rate(1, "Factor of the step."),
    maxLearningRate: { default: 1, min: 0, max: Infinity, log: true, about: "Largest step size." },
    fMin: { default: 0, about: "The least value of the loss." },
    epsilon: epsilon(0),
  },
  options: { variant: ["sps", "sps+"] },
  update({ gradient: g, value: f }, { learningRate, maxLearningRate, fMin, epsilon }, { variant }) {
    const gap = variant === "sps+" ? f.sub(fMin).maximum(0) : f.sub(fMin);
    const squared = sumOverParameters(g.square().sum()).add(epsilon);
    const size = where(squared.eq(0), 0, gap.div(squared).minimum(maxLearningRate));
    return { step: learningRate.mul(size).mul(g) };
  },
});
