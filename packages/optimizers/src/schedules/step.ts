import { math } from "@downhill/core";
import { defaulted, number, whole } from "./arguments.js";
import { defineSchedule } from "./define.js";

/** Step decay: value·γ^⌊t/S⌋, so that step S is the first with the lower value. PyTorch's StepLR. */
export const step = defineSchedule({
  name: "step",
  source: "PyTorch StepLR",
  arguments: {
    stepSize: whole("Steps between two changes, S."),
    gamma: defaulted(number("Factor of each change, γ."), 0.1),
  },
  at: (t, { value, stepSize, gamma }) => value * math.pow(gamma, Math.floor(t / stepSize)),
});
