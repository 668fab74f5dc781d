import { count, defineWrapper, where, zeros } from "@downhill/core";
import { isMultiple, onlyIf, usesLoss } from "./parts.js";

/**
 * Gradient accumulation: one update of the rule for every k gradients, by their mean: `accumulate(adam(), 4)`. In
 * between nothing moves.
 *
 * The rule's t counts its own updates. Schedules count gradients, as the driver does. `train` can accumulate by
 * itself, weighted by rows; this is for one's own gradients. A rule that uses the loss is an error: it would see the
 * last of k.
 */
export const accumulate = defineWrapper({
  name: "accumulate",
  options: { every: count(4, "Gradients for one update, k.") },
  main: "every",
  state: { sum: zeros },
  update({ parameter, gradient: g, t, sum, state, value, inner }, _, { every }) {
    const due = isMultiple(t, every);
    const total = sum.add(g);
    const last = value.stopGradient();
    const made = inner({ gradient: total.div(every), t: t.div(every), value: last });
    if (every > 1 && usesLoss(made, last)) {
      throw new Error(
        "accumulate: the rule uses the loss, and would see the last of several. Let train accumulate.",
      );
    }
    return { ...onlyIf(due, made, { parameter, state }), sum: where(due, 0, total) };
  },
});
