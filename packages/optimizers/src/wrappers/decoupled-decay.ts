import { constant, defineWrapper } from "@downhill/core";
import { withStep } from "./parts.js";

/**
 * Decoupled weight decay: a rule's `weightDecay` shrinks the parameters themselves instead of going into the gradient:
 * `decoupledDecay(rmsprop({ weightDecay: 0.01 }))`; `decoupledDecay(adam({ weightDecay }))` is `adamw({ weightDecay })`.
 *
 *     p ← p (1 - η λ) - η u,   u of the rule with λ = 0
 *
 * Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, equation 1, with λ times the learning
 * rate as PyTorch has it.
 */
export const decoupledDecay = defineWrapper({
  name: "decoupled-decay",
  paper: "https://arxiv.org/abs/1711.05101",
  needs: ["learningRate", "weightDecay"],
  update({ inner, hyper }) {
    const made = withStep("decoupled-decay", inner({ hyper: { ...hyper, weightDecay: constant(0) } }));
    return { ...made, decay: hyper.learningRate!.mul(hyper.weightDecay!) };
  },
});
