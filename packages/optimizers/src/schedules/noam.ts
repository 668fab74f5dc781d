import { whole } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * The transformer's schedule: value·min((t+1)/W, √(W/(t+1))), up to its value at update W, then down by the inverse
 * square root. The paper's value is (d_model W)^-½.
 *
 * Vaswani et al., "Attention is all you need", NeurIPS 2017, equation 3.
 */
export const noam = defineSchedule({
  name: "noam",
  source: "https://arxiv.org/abs/1706.03762",
  arguments: { warmupSteps: whole("Updates until the peak, W.") },
  at: (t, { value, warmupSteps }) =>
    value * Math.min((t + 1) / warmupSteps, Math.sqrt(warmupSteps / (t + 1))),
});
