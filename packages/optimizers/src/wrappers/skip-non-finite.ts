import { defineWrapper, oneMinus, scalar, sumOverParameters } from "@downhill/core";
import { onlyIf } from "./parts.js";

/**
 * Leaves out every update in which a gradient of any parameter has a NaN or an infinity: `skipNonFinite(adam())`.
 * Parameters and state stay as they were, the rule's t does not count it, and the state `skipped` of the run does.
 *
 * As optax's `apply_if_finite`, without a limit, and as PyTorch's `GradScaler` skips.
 */
export const skipNonFinite = defineWrapper({
  name: "skip-non-finite",
  state: { skipped: scalar(0, "run") },
  update({ parameter, gradient: g, t, skipped, state, inner }) {
    const finite = sumOverParameters(oneMinus(g.isFinite()).sum()).eq(0);
    const made = inner({ t: t.sub(skipped) });
    return { ...onlyIf(finite, made, { parameter, state }), skipped: skipped.add(oneMinus(finite)) };
  },
});
