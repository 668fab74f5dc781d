import { math } from "@downhill/core";
import { defaulted, positive, whole } from "./arguments.js";
import { defineSchedule } from "./define.js";

/** Place of step t in the fractal order of T = 2^k steps: each half mirrors the other. */
function fractal(t: number, T: number): number {
  if (T === 1) return 0;
  const place = fractal(Math.floor(t / 2), T / 2);
  return t % 2 === 0 ? place : T - 1 - place;
}

/**
 * Chebyshev steps: the value times the reciprocals of the T Chebyshev nodes of [m, M], in the fractal order that keeps
 * the iteration stable; after T steps they begin anew. For a quadratic whose curvature lies in [m, M] with value 1,
 * T of them are the best T steps of gradient descent.
 *
 * Agarwal, Goel, Zhang, "Acceleration via fractal learning rate schedules", ICML 2021, section 3.
 */
export const chebyshev = defineSchedule({
  name: "chebyshev",
  source: "https://arxiv.org/abs/2103.01338",
  arguments: {
    steps: whole("Steps T, a power of two."),
    lower: defaulted(positive("Least curvature, m."), 0.05),
    upper: defaulted(positive("Largest curvature, M."), 1),
  },
  check: ({ steps, lower, upper }) => {
    if (!Number.isInteger(Math.log2(steps)))
      return `steps = ${steps} is not allowed; expected a power of two.`;
    return lower < upper ? undefined : `lower = ${lower} is not below upper = ${upper}.`;
  },
  at(t, { value, steps, lower, upper }) {
    const angle = ((fractal(t % steps, steps) + 0.5) * Math.PI) / steps;
    return value / ((upper + lower) / 2 - ((upper - lower) / 2) * math.cos(angle));
  },
});
