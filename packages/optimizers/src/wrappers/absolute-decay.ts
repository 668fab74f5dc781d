import { constant, defineWrapper } from "@downhill/core";
import { withStep } from "./parts.js";

/**
 * Absolute weight decay: a rule's `weightDecay` shrinks the parameters themselves, whatever the learning rate:
 * `absoluteDecay(adamw({ weightDecay: 1e-4 }))`.
 *
 *     p ← p (1 - λ) - η u,   u of the rule with λ = 0
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2: the decay that libraries
 * multiply by the learning rate (`decoupledDecay`). The paper's schedule multiplier is for λ too: give `weightDecay` a
 * schedule of its own.
 */
export const absoluteDecay = defineWrapper({
  name: "absolute-decay",
  paper: "https://arxiv.org/abs/1711.05101",
  needs: ["weightDecay"],
  update({ inner, hyper }) {
    const made = withStep("absolute-decay", inner({ hyper: { ...hyper, weightDecay: constant(0) } }));
    return { ...made, decay: hyper.weightDecay! };
  },
});
