import { beta, decay, defineOptimizer, epsilon, rate, zeros } from "@downhill/core";
import { takenIn } from "./dampening.js";
import { trustRatio } from "./norms.js";

/**
 * LARS: SGD with momentum, each tensor's gradient scaled to the tensor's own norm.
 *
 *     r = κ ‖p‖ / (‖g‖ + λ ‖p‖ + ε)    (1 where ‖p‖ or ‖g‖ is 0)
 *     d = r (g + λ p)
 *     b ← μ b + (1 - τ) d    (b ← d at t = 1)
 *     p ← p - η b            (p ← p - η (d + μ b), Nesterov)
 *
 * You, Gitman, Ginsburg, "Large batch training of convolutional networks", 2017, algorithm 1; κ is `trustCoefficient`.
 * The learning rate is outside of the momentum, as in timm; the paper and optax have it inside.
 */
export const lars = defineOptimizer({
  name: "lars",
  paper: "https://arxiv.org/abs/1708.03888",
  hyper: {
    learningRate: rate(1),
    momentum: beta(0.9, "Decay factor of the sum of past gradients."),
    dampening: {
      default: 0,
      min: 0,
      max: 1,
      about: "Fraction of each new gradient that the sum leaves out.",
    },
    weightDecay: decay(0),
    trustCoefficient: { default: 1e-3, min: 0, log: true, about: "Length of a step for a tensor of norm 1." },
    epsilon: epsilon(1e-8),
  },
  options: { nesterov: false },
  state: { b: zeros },
  update({ parameter: p, gradient: g, t, ...old }, hyper, { nesterov }) {
    const { learningRate, momentum, dampening, weightDecay, trustCoefficient, epsilon } = hyper;
    const size = g.norm().add(weightDecay.mul(p.norm())).add(epsilon);
    const r = trustRatio(p, g, size.div(trustCoefficient));
    const d = r.mul(g.add(weightDecay.mul(p)));
    const b = momentum.mul(old.b).add(takenIn(t, momentum, dampening).mul(d));
    return { step: learningRate.mul(nesterov ? d.add(momentum.mul(b)) : b), b };
  },
});
