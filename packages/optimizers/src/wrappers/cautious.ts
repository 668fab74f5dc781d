import { defineWrapper } from "@downhill/core";
import { withStep } from "./parts.js";

/**
 * Cautious: leaves out the elements of a rule's step that point against the gradient of now, and makes the others
 * larger in turn: `cautious(adamw())`.
 *
 *     m = 1 where u g > 0, else 0
 *     p ← p - η u m / max(mean(m), 1e-3)
 *
 * The mean is over each parameter tensor. The rule's weight decay stays whole.
 *
 * Liang, Chen, Liu, Liu, "Cautious optimizers: improving training with one line of code", 2024, algorithm 1, whose
 * factor is n / (n mean(m) + 1); this is the authors' code's and timm's.
 */
export const cautious = defineWrapper({
  name: "cautious",
  paper: "https://arxiv.org/abs/2411.16085",
  update({ gradient: g, inner }) {
    const made = withStep("cautious", inner());
    const mask = made.step.mul(g).gt(0);
    return { ...made, step: made.step.mul(mask).div(mask.mean().maximum(1e-3)) };
  },
});
