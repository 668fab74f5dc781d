import { ask, beta, decay, defineMethod, rate, type Vector } from "@downhill/core";

/**
 * SAM: sharpness-aware minimization, SGD with the gradient of the steepest point nearby.
 *
 *     e = ρ g / ‖g‖
 *     b ← μ b + ∇f(p + e) + λ p
 *     p ← p - η b
 *
 * Foret et al., "Sharpness-aware minimization for efficiently improving generalization", ICLR 2021, algorithm 1, on SGD
 * with momentum. Two gradients a step.
 */
export const sam = defineMethod({
  name: "sam",
  paper: "https://arxiv.org/abs/2010.01412",
  hyper: {
    learningRate: rate(1e-3),
    rho: { default: 0.05, min: 0, log: true, about: "Distance at which the gradient is taken." },
    momentum: beta(0.9, "Decay factor of the sum of past gradients."),
    weightDecay: decay(0),
  },
  start: (x) => ({ b: x.scale(0) as Vector }),
  *step({ x, at, state }, { learningRate, rho, momentum, weightDecay }) {
    const norm = at.gradient.norm();
    const e = at.gradient.clone().scale(norm === 0 ? 0 : rho / norm);
    const { gradient } = yield* ask.gradient(e.axpy(1, x));
    const b = state.b.clone().scale(momentum).axpy(1, gradient).axpy(weightDecay, x);
    const next = x.clone().axpy(-learningRate, b);
    return { x: next, at: yield* ask.gradient(next), state: { b } };
  },
});
