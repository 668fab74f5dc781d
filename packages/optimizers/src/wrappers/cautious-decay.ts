import { defineWrapper } from "@downhill/core";
import { withStep } from "./parts.js";

/**
 * Cautious weight decay: a rule's decoupled decay only where it goes the way of the step: `cautiousDecay(adamw())`.
 *
 *     p ← p - η (u + λ p [u p ≥ 0])
 *
 * Chen et al., "Cautious weight decay", 2025, algorithm 1. A rule without a decoupled decay is an error.
 */
export const cautiousDecay = defineWrapper({
  name: "cautious-decay",
  paper: "https://arxiv.org/abs/2510.12402",
  update({ parameter: p, inner }) {
    const made = withStep("cautious-decay", inner());
    if (!made.decay)
      throw new Error("cautious-decay: the wrapped rule has no decoupled decay. Try decoupledDecay(rule).");
    return { ...made, decay: made.decay.mul(made.step.mul(p).ge(0)) };
  },
});
