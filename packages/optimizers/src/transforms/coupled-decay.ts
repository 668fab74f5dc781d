import { decay, defineTransform } from "@downhill/core";

/**
 * Coupled weight decay: the gradient of the penalty λ/2 ‖p‖², so that what follows sees it: `coupledDecay(1e-4)`.
 *
 *     g ← g + λ p
 *
 * This is the `weightDecay` of PyTorch's SGD and Adam. Its hyper-parameter is `l2`.
 */
export const coupledDecay = defineTransform({
  name: "coupled-decay",
  hyper: { l2: decay(1e-4, "Coupled weight decay: weight of the penalty λ/2 ‖p‖².") },
  main: "l2",
  update: ({ gradient: g, parameter: p }, { l2 }) => ({ gradient: g.add(l2.mul(p)) }),
});
