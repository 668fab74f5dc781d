import { ask, defineMethod, rate } from "@downhill/core";
import { notFinite } from "./not-finite.js";

/**
 * Gradient descent with backtracking: from a step length α, shrink it until the value falls enough,
 *
 *     f(x - α g) ≤ f(x) - c1 α ‖g‖²,
 *
 * and begin the next search at the length found times `grow`.
 *
 * Armijo, "Minimization of functions having Lipschitz continuous first partial derivatives", 1966; Nocedal and Wright,
 * "Numerical optimization", 2006, algorithm 3.1, which begins every search at the same length (`grow: 1` does, once
 * the first length has been shrunk to what the objective bears).
 */
export const backtracking = defineMethod({
  name: "backtracking",
  paper: "Armijo 1966; Nocedal & Wright 2006, algorithm 3.1",
  hyper: {
    learningRate: rate(1, "Length of the first step tried."),
    c1: {
      default: 1e-4,
      above: 0,
      below: 1,
      log: true,
      about: "Fraction of the slope that the value must fall by.",
    },
    shrink: { default: 0.5, above: 0, below: 1, about: "Factor of the length after a step that is refused." },
    grow: { default: 2, min: 1, about: "Factor of the length after a step that is taken." },
  },
  start: () => ({ alpha: null as number | null }),
  *step({ x, at, state }, { learningRate, c1, shrink, grow }) {
    const g = at.gradient;
    const why = notFinite(at);
    if (why !== undefined) return { x, at, state, stalled: why };
    const slope = g.dot(g);
    for (let alpha = state.alpha ?? learningRate; ; alpha *= shrink) {
      const y = x.clone().axpy(-alpha, g);
      // NaN equals nothing: where x has one it stays, however short the step.
      if (y.data.every((value, i) => value === x.data[i] || Number.isNaN(x.data[i]))) {
        return {
          x,
          at,
          state,
          stalled: "No step along the negative gradient, however short, lowers the value.",
        };
      }
      const value = yield* ask.value(y);
      if (value <= at.value - c1 * alpha * slope) {
        return {
          x: y,
          at: yield* ask.gradient(y),
          state: { alpha: Math.min(grow * alpha, Number.MAX_VALUE) },
        };
      }
    }
  },
});
