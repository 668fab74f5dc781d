import { initializers } from "../initializers/initializers.js";
import { dense } from "../layers/dense.js";
import type { Network } from "./network.js";

export type AffineNames = "weight" | "bias";

/** One dense layer, the network of linear models. It starts at 0: their losses have no other minimum to fall into. */
export function affine(outputs: number): Network<AffineNames> {
  return {
    shapes: (features) => ({ weight: [features, outputs], bias: [outputs] }),
    initialize: initializers.zeros,
    apply: ({ weight, bias }, x) => dense(x, weight, bias),
  };
}
