import { defineMethod, rate, type Vector } from "@downhill/core";
import { notFinite } from "./not-finite.js";
import { strongWolfe } from "./strong-wolfe.js";

/**
 * Nonlinear conjugate gradients:
 *
 *     d ← -g + β d,   β = max(0, g · (g - g') / ‖g'‖²)    (Polak-Ribière, restarted)
 *     x ← x + α d
 *
 * with α from a line search under the strong Wolfe conditions, and d ← -g wherever that would not lead down.
 * Polak and Ribière 1969; Nocedal and Wright, "Numerical optimization", 2006, algorithm 5.4 and equations 5.44, 5.45. A
 * search begins at the length that would lower the value as much as the last one, to first order (page 59).
 */
export const conjugateGradient = defineMethod({
  name: "conjugate-gradient",
  paper: "Polak & Ribière 1969; Nocedal & Wright 2006, algorithm 5.4",
  hyper: {
    learningRate: rate(1, "Greatest length of the first step tried."),
    c1: {
      default: 1e-4,
      above: 0,
      below: 0.5,
      log: true,
      about: "Fraction of the slope that the value must fall by.",
    },
    c2: { default: 0.1, above: 0, below: 1, about: "Fraction of its size that the slope may keep." },
  },
  start: () => ({ last: null as Last | null }),
  *step({ x, at, state }, { learningRate, c1, c2 }) {
    const why = notFinite(at);
    if (why !== undefined) return { x, at, state, stalled: why };
    const g = at.gradient;
    for (let { last } = state; ; last = null) {
      const d = direction(g, last);
      const slope = d.dot(g);
      const first = last
        ? (last.alpha * last.d.dot(last.g)) / slope
        : learningRate * Math.min(1, 1 / g.norm());
      const found = slope < 0 ? yield* strongWolfe(x, at, d, first, { c1, c2 }) : undefined;
      if (found) return { x: found.x, at: found.at, state: { last: { d, g, alpha: found.alpha } } };
      if (last === null)
        return { x, at, state, stalled: "No step along the negative gradient lowers the value." };
    }
  },
});

/** The step before: its direction, its gradient, its length. */
interface Last {
  readonly d: Vector;
  readonly g: Vector;
  readonly alpha: number;
}

function direction(g: Vector, last: Last | null): Vector {
  const d = g.clone().scale(-1);
  if (last === null) return d;
  const beta = Math.max(0, (g.dot(g) - g.dot(last.g)) / last.g.dot(last.g));
  return d.axpy(beta, last.d);
}
