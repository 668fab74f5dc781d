import { math } from "@downhill/core";
import { defaulted, number, positive, steps } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Cosine decay: end + (value - end)·((1 + cos(π t/T))/2)^exponent, then `endValue` from step T on (PyTorch's rises
 * again).
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, equation 5, one run.
 */
export const cosine = defineSchedule({
  name: "cosine",
  source: "https://arxiv.org/abs/1608.03983",
  arguments: {
    steps: steps("Step at which endValue is reached, T."),
    endValue: defaulted(number("Value at the end."), 0),
    exponent: defaulted(positive("Power of the cosine, optax's."), 1),
  },
  at(t, { value, steps, endValue, exponent }) {
    const wave = (1 + math.cos((Math.PI * Math.min(t, steps)) / steps)) / 2;
    return endValue + (value - endValue) * math.pow(wave, exponent);
  },
});
