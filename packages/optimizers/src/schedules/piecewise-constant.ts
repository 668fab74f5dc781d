import { milestones, numbers } from "./arguments.js";
import { defineSchedule } from "./define.js";

/**
 * Piecewise constant: the value times every scale whose boundary is reached; a boundary's own step has the new value,
 * as in optax (Keras changes one step later).
 */
export const piecewiseConstant = defineSchedule({
  name: "piecewise-constant",
  source: "optax piecewise_constant_schedule",
  arguments: {
    boundaries: milestones("Steps at which the value changes."),
    scales: numbers("Factor of each change."),
  },
  check: ({ boundaries, scales }) =>
    boundaries.length === scales.length
      ? undefined
      : `there are ${boundaries.length} boundaries and ${scales.length} scales; expected as many of both.`,
  at: (t, { value, boundaries, scales }) =>
    scales.reduce((product, scale, i) => (t >= boundaries[i]! ? product * scale : product), value),
});
