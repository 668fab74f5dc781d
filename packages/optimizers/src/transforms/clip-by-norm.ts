import { defineTransform } from "@downhill/core";
import { conventions, maxNorm, rescale } from "./rescale.js";

/**
 * Scales each parameter's gradient down to a Euclidean norm of at most maxNorm, by itself: `clipByNorm(1)`.
 *
 * As PyTorch's `clip_grad_norm_` on each tensor, Keras's `clipnorm`; with `convention: "optax"` exact, without 1e-6.
 */
export const clipByNorm = defineTransform({
  name: "clip-by-norm",
  hyper: { maxNorm },
  main: "maxNorm",
  options: { convention: conventions },
  update: ({ gradient: g }, { maxNorm }, { convention }) => ({
    gradient: rescale(g, g.norm(), maxNorm, convention),
  }),
});
