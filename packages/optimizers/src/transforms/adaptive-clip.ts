import { defineTransform, type Tensor } from "@downhill/core";

/**
 * Adaptive gradient clipping: scales the gradient of each unit down to at most `clipping` times the norm of the unit's
 * own weights: `adaptiveClip(0.01)`.
 *
 *     g ← g c max(‖p‖, minNorm) / max(‖g‖, 1e-6)   where ‖g‖ is not below the numerator's c max(‖p‖, minNorm)
 *
 * A unit is an output: norms run over all axes but the last of a weight [..., in, out], and over the whole of a vector
 * or scalar. Brock et al. leave the last layer out (`partition`). minNorm is their ε.
 *
 * Brock, De, Smith, Simonyan, "High-performance large-scale image recognition without normalization", ICML 2021,
 * equation 3; as in optax's `adaptive_grad_clip`.
 */
export const adaptiveClip = defineTransform({
  name: "adaptive-clip",
  paper: "https://arxiv.org/abs/2102.06171",
  hyper: {
    clipping: {
      default: 0.01,
      above: 0,
      max: Infinity,
      log: true,
      about: "Largest ratio of a gradient's norm to its weights'.",
    },
    minNorm: { default: 1e-3, above: 0, log: true, about: "Lower bound of the weights' norm." },
  },
  main: "clipping",
  update({ gradient: g, parameter: p }, { clipping, minNorm }) {
    const norm = unitNorm(g);
    const largest = clipping.mul(unitNorm(p).maximum(minNorm));
    return { gradient: g.mul(norm.lt(largest).where(1, largest.div(norm.maximum(1e-6)))) };
  },
});

function unitNorm(x: Tensor): Tensor {
  if (x.shape.length < 2) return x.norm();
  return x.norm(
    x.shape.slice(1).map((_, axis) => axis),
    { keepDims: true },
  );
}
