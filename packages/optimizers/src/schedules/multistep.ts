import { math } from "@downhill/core";
import { defaulted, milestones, number } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Multistep decay: value·γ^n, n the number of milestones reached; a milestone's own step has the lower value, as in
 * PyTorch's MultiStepLR (Keras changes one step later).
 */
export const multistep = defineSchedule({
  name: "multistep",
  source: "PyTorch MultiStepLR",
  arguments: {
    milestones: milestones("Steps at which the value changes."),
    gamma: defaulted(number("Factor of each change, γ."), 0.1),
  },
  at: (t, { value, milestones, gamma }) =>
    value * math.pow(gamma, milestones.filter((step) => t >= step).length),
});
