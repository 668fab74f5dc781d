import { beta, decay, defineOptimizer, rate, zeros } from "@downhill/core";
import { takenIn } from "./dampening.js";

/**
 * SGD with momentum and decoupled weight decay:
 *
 *     b ← μ b + (1 - τ) g    (b ← g at t = 1)
 *     p ← p (1 - η λ) - η b  (g + μ b for b, Nesterov)
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 1, with the momentum of `sgd`; the
 * paper has the rate inside the momentum, and a decay that shrinks with the schedule only, not with η.
 */
export const sgdw = defineOptimizer({
  name: "sgdw",
  paper: "https://arxiv.org/abs/1711.05101",
  hyper: {
    learningRate: rate(1e-3),
    momentum: beta(0, "Decay factor of the sum of past gradients."),
    dampening: {
      default: 0,
      min: 0,
      max: 1,
      about: "Fraction of each new gradient that the sum leaves out.",
    },
    weightDecay: decay(0),
  },
  options: { nesterov: false },
  state: { b: zeros },
  update({ gradient: g, t, ...old }, { learningRate, momentum, dampening, weightDecay }, { nesterov }) {
    const b = momentum.mul(old.b).add(takenIn(t, momentum, dampening).mul(g));
    const d = nesterov ? g.add(momentum.mul(b)) : b;
    return { step: learningRate.mul(d), decay: learningRate.mul(weightDecay), b };
  },
});
