import { type Asking, ask, type Point, type Vector } from "@downhill/core";

/** A point on the line x + α d. */
export interface OnLine {
  readonly alpha: number;
  readonly x: Vector;
  readonly at: Point;
  /** Derivative of the value along d. */
  readonly slope: number;
}

export interface Wolfe {
  /** Fraction of the slope that the value must fall by, per length. */
  readonly c1: number;
  /** Fraction of its size that the slope may keep. */
  readonly c2: number;
}

/** Evaluations that one search may take in each of its two phases. */
const patience = 30;

/**
 * A step along d from x that satisfies the strong Wolfe conditions
 *
 *     f(x + α d) ≤ f(x) + c1 α gᵀd   and   |∇f(x + α d)ᵀd| ≤ c2 |gᵀd|,
 *
 * or at least the first; undefined if there is none. Nocedal and Wright, "Numerical optimization", 2006, algorithms 3.5
 * and 3.6. Where the values differ by rounding only, the first condition is read off the slopes instead, as a parabola
 * would have it: Hager and Zhang, "A new conjugate gradient method with guaranteed descent", 2005, equation 4.1.
 */
export function* strongWolfe(
  x: Vector,
  at: Point,
  d: Vector,
  first: number,
  { c1, c2 }: Wolfe,
): Asking<OnLine | undefined> {
  const origin: OnLine = { alpha: 0, x, at, slope: at.gradient.dot(d) };
  const rounding = 4 * Number.EPSILON * Math.abs(at.value);
  const falls = ({ alpha, at: { value }, slope }: OnLine) =>
    value <= at.value + c1 * alpha * origin.slope ||
    (Math.abs(value - at.value) <= rounding && slope <= (2 * c1 - 1) * origin.slope);
  const isFlat = ({ slope }: OnLine) => Math.abs(slope) <= c2 * Math.abs(origin.slope);

  let low = origin;
  for (let i = 0, alpha = first; i < patience; i++, alpha *= 2) {
    const trial: OnLine = yield* visit(x, d, alpha);
    if (!falls(trial) || (i > 0 && trial.at.value > low.at.value)) return yield* narrow(low, trial);
    if (isFlat(trial)) return trial;
    if (trial.slope >= 0) return yield* narrow(trial, low);
    low = trial;
  }
  return low;

  /** Looks between two steps; the lower one falls towards the other, and is the best so far. */
  function* narrow(low: OnLine, high: OnLine): Asking<OnLine | undefined> {
    for (let i = 0; i < patience; i++) {
      const trial: OnLine = yield* visit(x, d, between(low, high));
      if (!falls(trial) || trial.at.value > low.at.value) high = trial;
      else if (isFlat(trial)) return trial;
      else {
        if (trial.slope * (high.alpha - low.alpha) >= 0) high = low;
        low = trial;
      }
    }
    return low.at.value < at.value ? low : undefined;
  }
}

function* visit(x: Vector, d: Vector, alpha: number): Asking<OnLine> {
  const y = x.clone().axpy(alpha, d);
  const at = yield* ask.gradient(y);
  return { alpha, x: y, at, slope: at.gradient.dot(d) };
}

/** The minimum of the cubic through values and slopes at both ends, kept off the ends; else the middle. */
function between(a: OnLine, b: OnLine): number {
  const width = b.alpha - a.alpha;
  const d1 = a.slope + b.slope - (3 * (b.at.value - a.at.value)) / width;
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  const fraction = 1 - (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
  return a.alpha + width * (Number.isFinite(fraction) ? Math.min(Math.max(fraction, 0.1), 0.9) : 0.5);
}
