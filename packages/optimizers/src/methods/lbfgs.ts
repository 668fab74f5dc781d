import { defineMethod, rate, type Vector } from "@downhill/core";
import { notFinite } from "./not-finite.js";
import { strongWolfe } from "./strong-wolfe.js";

/**
 * L-BFGS: a quasi-Newton method whose Hessian is known from the last few steps s and changes of the gradient y.
 *
 * The direction is -H g by the two-loop recursion, the step from a line search under the strong Wolfe conditions.
 * Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989; Nocedal and Wright, "Numerical
 * optimization", 2006, algorithms 7.4 and 7.5. For objectives without noise.
 *
 * PyTorch's LBFGS takes one step along the direction unless told to search, and keeps 100 pairs; optax keeps 10.
 */
export const lbfgs = defineMethod({
  name: "lbfgs",
  paper: "https://doi.org/10.1007/BF01589116",
  hyper: {
    learningRate: rate(1, "Step length that each search tries first."),
    history: { default: 10, min: 1, about: "Pairs of steps and changes of the gradient that are kept." },
    c1: {
      default: 1e-4,
      above: 0,
      below: 0.5,
      log: true,
      about: "Fraction of the slope that the value must fall by.",
    },
    c2: { default: 0.9, above: 0, below: 1, about: "Fraction of its size that the slope may keep." },
  },
  start: () => ({ pairs: [] as readonly Pair[] }),
  *step({ x, at, state }, { learningRate, history, c1, c2 }) {
    const why = notFinite(at);
    if (why !== undefined) return { x, at, state, stalled: why };
    const g = at.gradient;
    for (let { pairs } = state; ; pairs = []) {
      const d = direction(g, pairs);
      // Without a memory of scale, the first step is at most of length 1.
      const first = pairs.length > 0 ? 1 : Math.min(1, 1 / g.norm());
      const found = d.dot(g) < 0 ? yield* strongWolfe(x, at, d, learningRate * first, { c1, c2 }) : undefined;
      if (found) {
        const s = found.x.clone().axpy(-1, x);
        const y = found.at.gradient.clone().axpy(-1, g);
        // Only pairs of positive curvature keep the next direction downhill.
        const isCurved = s.dot(y) > Number.EPSILON * y.dot(y);
        const next = isCurved ? [...pairs, { s, y }].slice(-Math.floor(history)) : pairs;
        return { x: found.x, at: found.at, state: { pairs: next } };
      }
      if (pairs.length === 0)
        return { x, at, state, stalled: "No step along the negative gradient lowers the value." };
    }
  },
});

interface Pair {
  readonly s: Vector;
  readonly y: Vector;
}

/** -H g, H the inverse Hessian that the pairs imply: algorithm 7.4. */
function direction(g: Vector, pairs: readonly Pair[]): Vector {
  const q = g.clone();
  const alphas = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y } = pairs[i]!;
    alphas[i] = s.dot(q) / s.dot(y);
    q.axpy(-alphas[i]!, y);
  }
  const last = pairs.at(-1);
  const r = q.scale(last ? last.s.dot(last.y) / last.y.dot(last.y) : 1);
  pairs.forEach(({ s, y }, i) => {
    r.axpy(alphas[i]! - y.dot(r) / s.dot(y), s);
  });
  return r.scale(-1);
}
