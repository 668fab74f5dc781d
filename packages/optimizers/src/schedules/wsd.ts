import { math } from "@downhill/core";
import { choice, defaulted, number, steps, whole } from "./arguments.js";
import { defineSchedule } from "./define.js";

const falls = {
  "1-sqrt": (x: number) => 1 - Math.sqrt(x),
  linear: (x: number) => 1 - x,
  "1-square": (x: number) => 1 - x * x,
  cosine: (x: number) => (1 + math.cos(Math.PI * x)) / 2,
};

/**
 * Warmup, stable, decay: from 0 in a straight line to the value at step `warmupSteps`, constant, then in the last
 * `decaySteps` down to `endValue`, reached at step `steps`.
 *
 * Hu et al., "MiniCPM: unveiling the potential of small language models with scalable training strategies", 2024,
 * section 4; the square root is of Hägele et al., "Scaling laws and compute-optimal training beyond fixed training
 * durations", 2024, section 4.
 */
export const wsd = defineSchedule({
  name: "wsd",
  source: "https://arxiv.org/abs/2404.06395",
  arguments: {
    steps: steps("Steps in all."),
    warmupSteps: defaulted(whole("Steps up to the value.", 0), 0),
    decaySteps: whole("Steps down to endValue."),
    decay: defaulted(choice("Shape of the decay.", ["1-sqrt", "linear", "1-square", "cosine"]), "1-sqrt"),
    endValue: defaulted(number("Value at the end."), 0),
  },
  check: ({ steps, warmupSteps, decaySteps }) =>
    warmupSteps + decaySteps > steps
      ? `warmupSteps = ${warmupSteps} and decaySteps = ${decaySteps} do not fit into ${steps} steps.`
      : undefined,
  at(t, { value, steps, warmupSteps, decaySteps, decay, endValue }) {
    if (t < warmupSteps) return value * (t / warmupSteps);
    const x = Math.max(0, t - (steps - decaySteps)) / decaySteps;
    return endValue + (value - endValue) * falls[decay](Math.min(x, 1));
  },
});
