import { defineOptimizer, rate } from "@downhill/core";
import { trustRatio } from "./norms.js";

/**
 * Fromage: steps of a fixed relative length for each tensor, without growth of its norm.
 *
 *     p ← (p - η ‖p‖ / ‖g‖ g) / √(1 + η²)    (plain g where a norm is 0)
 *
 * Bernstein et al., "On the distance between two neural networks and the stability of learning", NeurIPS 2020,
 * algorithm 1.
 */
export const fromage = defineOptimizer({
  name: "fromage",
  paper: "https://arxiv.org/abs/2002.03432",
  hyper: { learningRate: rate(1e-2, "Relative length of the steps.") },
  update({ parameter: p, gradient: g }, { learningRate }) {
    const step = learningRate.mul(trustRatio(p, g)).mul(g);
    return { parameter: p.sub(step).div(learningRate.square().add(1).sqrt()) };
  },
});
