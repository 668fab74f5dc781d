import type { Tensor } from "@downhill/core";

/**
 * Whose formula scales a gradient down to a norm c: PyTorch's min(1, c / (norm + 1e-6)), which ends a little below c;
 * optax's c / norm where the norm is at least c, exact.
 */
export const conventions = ["torch", "optax"] as const;

/** A gradient scaled down so that what has `norm` has at most `maxNorm`. */
export function rescale(
  g: Tensor,
  norm: Tensor,
  maxNorm: Tensor,
  convention: (typeof conventions)[number],
): Tensor {
  if (convention === "torch") return g.mul(maxNorm.div(norm.add(1e-6)).minimum(1));
  return g.mul(norm.lt(maxNorm).where(1, maxNorm.div(norm)));
}

export const maxNorm = { default: 1, above: 0, max: Infinity, log: true, about: "Largest norm." };
