import { defaulted, flag, number, positive } from "./arguments.js";
import { defineSchedule } from "./define.js";

/** Inverse time decay: value / (1 + k t/S). With `staircase` only whole t/S. Keras's InverseTimeDecay. */
export const inverseTime = defineSchedule({
  name: "inverse-time",
  source: "Keras InverseTimeDecay",
  arguments: {
    decayRate: number("How fast it falls, k."),
    decaySteps: defaulted(positive("Steps that k belongs to, S."), 1),
    staircase: defaulted(flag("Whole t/S only."), false),
  },
  at(t, { value, decayRate, decaySteps, staircase }) {
    const time = t / decaySteps;
    return value / (1 + decayRate * (staircase ? Math.floor(time) : time));
  },
});
