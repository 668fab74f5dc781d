import { defineOptimizer, filled, rate, where, zeros } from "@downhill/core";

/**
 * Rprop: a step length for each element, which grows while its gradient keeps the sign and shrinks where that flips.
 *
 *     η ← clip(η · {η⁺ where g g' > 0, η⁻ where g g' < 0, else 1}, η_min, η_max),   g' the gradient before
 *     g ← 0 where g g' < 0
 *     p ← p - η sign(g)
 *
 * Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the RPROP algorithm", 1993, in the
 * form without weight backtracking (Igel and Hüsken 2000, iRprop⁻), as PyTorch. For full-batch gradients. The learning
 * rate is the first step length; a schedule of it has no effect. optax's rprop acts one step late.
 */
export const rprop = defineOptimizer({
  name: "rprop",
  paper: "Riedmiller & Braun 1993, https://doi.org/10.1109/ICNN.1993.298623",
  hyper: {
    learningRate: rate(1e-2, "First step length."),
    etaMinus: { default: 0.5, above: 0, below: 1, about: "Factor of the step length at a change of sign." },
    etaPlus: { default: 1.2, min: 1, about: "Factor of the step length while the sign stays." },
    stepSizeMin: { default: 1e-6, min: 0, log: true, about: "Shortest step." },
    stepSizeMax: { default: 50, min: 0, max: Infinity, log: true, about: "Longest step." },
  },
  state: { eta: filled("learningRate"), before: zeros },
  update({ gradient, ...old }, { etaMinus, etaPlus, stepSizeMin, stepSizeMax }) {
    const same = gradient.mul(old.before);
    const factor = where(same.gt(0), etaPlus, where(same.lt(0), etaMinus, 1));
    const eta = old.eta.mul(factor).clamp(stepSizeMin, stepSizeMax);
    const g = where(same.lt(0), 0, gradient);
    return { step: eta.mul(g.sign()), eta, before: g };
  },
});
