import { defaulted, number, steps } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * REX: end + (value - end)·(1 - z)/(1 - z/2) with z = t/T, then `endValue` from step T on.
 *
 * Chen, Wolfe, Kyrillidis, "REX: revisiting budgeted training with an improved schedule", MLSys 2022.
 */
export const rex = defineSchedule({
  name: "rex",
  source: "https://arxiv.org/abs/2107.04197",
  arguments: {
    steps: steps("Step at which endValue is reached, T."),
    endValue: defaulted(number("Value at the end."), 0),
  },
  at(t, { value, steps, endValue }) {
    const z = Math.min(t, steps) / steps;
    return endValue + (value - endValue) * ((1 - z) / (1 - z / 2));
  },
});
