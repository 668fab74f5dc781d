import { defineTransform, sumOverParameters } from "@downhill/core";
import { conventions, maxNorm, rescale } from "./rescale.js";

/**
 * Scales all gradients together, so that their direction stays, to a Euclidean norm over all parameters of at most
 * maxNorm: `clipByGlobalNorm(1)`.
 *
 *     g ← g min(1, maxNorm / (‖g‖ + 1e-6))
 *
 * Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1, which
 * has no 1e-6; PyTorch's `clip_grad_norm_` has it, and `convention: "optax"` leaves it out.
 */
export const clipByGlobalNorm = defineTransform({
  name: "clip-by-global-norm",
  paper: "https://arxiv.org/abs/1211.5063",
  hyper: { maxNorm },
  main: "maxNorm",
  options: { convention: conventions },
  update({ gradient: g }, { maxNorm }, { convention }) {
    const norm = sumOverParameters(g.square().sum()).sqrt();
    return { gradient: rescale(g, norm, maxNorm, convention) };
  },
});
