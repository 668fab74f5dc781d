import { math } from "@downhill/core";
import { choice, defaulted, number, optional, positive, whole } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Cyclic: in straight lines up from the value to `maxValue` and down again, over and over. The height of cycle c =
 * 0, 1, … is the same ("triangular"), 2^-c of the first ("triangular2"), or γ^t of it at step t ("exp-range").
 *
 * Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.
 */
export const cyclic = defineSchedule({
  name: "cyclic",
  source: "https://arxiv.org/abs/1506.01186",
  arguments: {
    maxValue: number("Value at the first peak."),
    stepsUp: whole("Steps from the value to the peak."),
    stepsDown: optional(whole("Steps from the peak down; stepsUp when left out.")),
    mode: defaulted(
      choice("How the peaks change.", ["triangular", "triangular2", "exp-range"]),
      "triangular",
    ),
    gamma: defaulted(positive('γ of mode "exp-range".'), 1),
  },
  at(t, { value, maxValue, stepsUp, stepsDown = stepsUp, mode, gamma }) {
    const length = stepsUp + stepsDown;
    const since = t % length;
    const height = since <= stepsUp ? since / stepsUp : (length - since) / stepsDown;
    const cycle = Math.floor(t / length);
    const scales = { triangular: 1, triangular2: 2 ** -cycle, "exp-range": math.pow(gamma, t) };
    return value + (maxValue - value) * height * scales[mode];
  },
});
