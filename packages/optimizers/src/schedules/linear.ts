import { defaulted, number, steps } from "./arguments.js";
import { defineSchedule } from "./define.js";

/** From the value at step 0 in a straight line to `endValue` at step T, where it stays. */
export const linear = defineSchedule({
  name: "linear",
  source: "PyTorch LinearLR, optax linear_schedule",
  arguments: {
    steps: steps("Step at which endValue is reached, T."),
    endValue: defaulted(number("Value at the end."), 0),
  },
  at: (t, { value, steps, endValue }) => (t < steps ? value + (endValue - value) * (t / steps) : endValue),
});
