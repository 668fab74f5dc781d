import { type Asking, ask, defineMethod, rate, type Vector } from "@downhill/core";
import { notFinite } from "./not-finite.js";
import { strongWolfe } from "./strong-wolfe.js";

/**
 * Newton's method, its equation H d = -g solved by conjugate gradients as well as is worth it: to a residual of
 * min(½, √‖g‖) ‖g‖, or up to a direction of negative curvature. Needs Hessian-vector products, so a traced objective.
 *
 * Dembo and Steihaug 1983; Nocedal and Wright, "Numerical optimization", 2006, algorithm 7.1; the step from a line search
 * under the strong Wolfe conditions, which tries 1 first.
 */
export const newtonCg = defineMethod({
  name: "newton-cg",
  paper: "https://doi.org/10.1007/BF02592055",
  hyper: {
    learningRate: rate(1, "Step length that each search tries first."),
    c1: {
      default: 1e-4,
      above: 0,
      below: 0.5,
      log: true,
      about: "Fraction of the slope that the value must fall by.",
    },
    c2: { default: 0.9, above: 0, below: 1, about: "Fraction of its size that the slope may keep." },
  },
  start: () => ({}),
  *step({ x, at, state }, { learningRate, c1, c2 }) {
    const why = notFinite(at);
    if (why !== undefined) return { x, at, state, stalled: why };
    const d = yield* newtonDirection(x, at.gradient);
    const found = yield* strongWolfe(x, at, d, learningRate, { c1, c2 });
    if (found) return { x: found.x, at: found.at, state };
    return { x, at, state, stalled: "No step along Newton's direction lowers the value." };
  },
});

/** Conjugate gradients on H z = -g from z = 0: the inner loop of algorithm 7.1. */
function* newtonDirection(x: Vector, g: Vector): Asking<Vector> {
  const tolerance = Math.min(0.1, Math.sqrt(g.norm())) * g.norm();
  const z = g.clone().scale(0);
  const r = g.clone();
  const d = g.clone().scale(-1);
  for (let j = 0; j < 2 * x.length; j++) {
    const Hd = yield* ask.hvp(x, d);
    const curvature = d.dot(Hd);
    if (!(curvature > 0)) return j === 0 ? d : z;
    const before = r.dot(r);
    z.axpy(before / curvature, d);
    r.axpy(before / curvature, Hd);
    if (r.norm() <= tolerance) break;
    d.scale(r.dot(r) / before).axpy(-1, r);
  }
  return z;
}
