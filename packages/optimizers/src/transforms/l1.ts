import { decay, defineTransform } from "@downhill/core";

/**
 * L1 penalty: the subgradient of λ ‖p‖₁, 0 where p is 0: `l1(1e-4)`.
 *
 *     g ← g + λ sign(p)
 */
export const l1 = defineTransform({
  name: "l1",
  hyper: { l1: decay(1e-4, "Weight of the penalty λ ‖p‖₁.") },
  main: "l1",
  update: ({ gradient: g, parameter: p }, { l1 }) => ({ gradient: g.add(l1.mul(p.sign())) }),
});
