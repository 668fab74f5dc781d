import { positive } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Inverse square root decay: value / √(1 + t/T). After a warmup this is the schedule of Hugging Face's transformers:
 * `warmup(W, inverseSqrt(value, { timescale: T }))`, where T is W unless said otherwise.
 */
export const inverseSqrt = defineSchedule({
  name: "inverse-sqrt",
  source: "transformers get_inverse_sqrt_schedule",
  arguments: { timescale: positive("Steps until the value has fallen by √2, T.") },
  at: (t, { value, timescale }) => value / Math.sqrt(1 + t / timescale),
});
