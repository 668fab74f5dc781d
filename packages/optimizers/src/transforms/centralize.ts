import { defineTransform } from "@downhill/core";

/**
 * Gradient centralization: takes the mean over the inputs of each output away from a weight's gradient.
 *
 *     g ← g - mean(g)   over all axes but the last of a weight [..., in, out]
 *
 * Vectors and scalars stay as they are. Weights are [in, out] here and [out, in] in the paper and in optax, so the
 * axes change places.
 *
 * Yong, Huang, Hua, Zhang, "Gradient centralization: a new optimization technique for deep neural networks", ECCV
 * 2020, equation 1.
 */
export const centralize = defineTransform({
  name: "centralize",
  paper: "https://arxiv.org/abs/2004.01461",
  hyper: {},
  update({ gradient: g }) {
    if (g.shape.length < 2) return { gradient: g };
    const inputs = g.shape.slice(1).map((_, axis) => axis);
    return { gradient: g.sub(g.mean(inputs, { keepDims: true })) };
  },
});
