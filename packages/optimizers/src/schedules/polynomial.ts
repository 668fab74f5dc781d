import { math } from "@downhill/core";
import { defaulted, flag, number, positive, steps } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Polynomial decay: end + (value - end)·(1 - t/T)^p, then `endValue` from step T on. With `cycle`, T is the next
 * multiple of itself that t has not passed, so that the value rises again: Keras's PolynomialDecay.
 */
export const polynomial = defineSchedule({
  name: "polynomial",
  source: "PyTorch PolynomialLR, optax polynomial_schedule, Keras PolynomialDecay",
  arguments: {
    steps: steps("Step at which endValue is reached, T."),
    power: defaulted(positive("Power p."), 1),
    endValue: defaulted(number("Value at the end."), 0),
    cycle: defaulted(flag("Whether it goes on in longer and longer cycles."), false),
  },
  at(t, { value, steps, power, endValue, cycle }) {
    const T = cycle ? steps * Math.max(1, Math.ceil(t / steps)) : steps;
    return endValue + (value - endValue) * math.pow(1 - Math.min(t, T) / T, power);
  },
});
