import { math } from "@downhill/core";
import { defaulted, flag, number, optional, positive } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Exponential decay: value·γ^(t/S), down (or, with γ > 1, up) to `endValue`. With `staircase` only whole powers.
 * PyTorch's ExponentialLR has S = 1, optax's exponential_decay all of it.
 */
export const exponential = defineSchedule({
  name: "exponential",
  source: "PyTorch ExponentialLR, optax exponential_decay",
  arguments: {
    gamma: positive("Factor over S steps, γ."),
    transitionSteps: defaulted(positive("Steps for one factor γ, S."), 1),
    endValue: optional(number("Bound that the value stops at; none when left out.")),
    staircase: defaulted(flag("Whole powers of γ only."), false),
  },
  at(t, { value, gamma, transitionSteps, endValue, staircase }) {
    const power = t / transitionSteps;
    const decayed = value * math.pow(gamma, staircase ? Math.floor(power) : power);
    if (endValue === undefined) return decayed;
    return gamma < 1 ? Math.max(decayed, endValue) : Math.min(decayed, endValue);
  },
});
