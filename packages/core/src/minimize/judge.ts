import type { Status } from "../status.js";
import type { Limits } from "./options.js";

/** Figures of a point. */
interface Figures {
  readonly value: number;
  readonly gradientNorm: number;
}

/**
 * The status of a run that ends at a point because of what the point is, or undefined to go on. A gradient norm counts
 * only if it is within the tolerance whatever rounding did to it.
 */
export function judgePoint(
  { value, gradientNorm }: Figures,
  gradientError: number,
  { gradientTolerance, target }: Limits,
): Status | undefined {
  if (gradientNorm + gradientError <= gradientTolerance) {
    const why = `The gradient norm ${show(gradientNorm)} is within the tolerance ${gradientTolerance}.`;
    return { kind: "converged", criterion: "gradient", achieved: gradientNorm, why };
  }
  if (value <= target) {
    const why = `The value ${show(value)} has reached the target ${target}.`;
    return { kind: "converged", criterion: "target", achieved: value, why };
  }
  if (gradientNorm <= gradientTolerance) {
    const why =
      `Differences of values near ${show(value)} cannot resolve the gradient: its norm ${show(gradientNorm)} may be off ` +
      `by ${show(gradientError)}. Give the gradient, or a larger gradientTolerance.`;
    return ended("stalled", gradientNorm, why);
  }
  return undefined;
}

/** What of its budget a run has spent, in words, or undefined while there is some left for another point. */
export function spentBudget(
  steps: number,
  evaluations: number,
  timeMs: () => number,
  { maxSteps, maxEvaluations, maxTimeMs }: Limits,
): string | undefined {
  if (steps >= maxSteps) return count(maxSteps, "step");
  if (evaluations > maxEvaluations) return count(maxEvaluations, "evaluation");
  if (maxTimeMs < Infinity && timeMs() >= maxTimeMs) return `${maxTimeMs} ms`;
  return undefined;
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

/** The status of a run that ends without having converged. */
export function ended(kind: Exclude<Status["kind"], "converged">, achieved: number, why: string): Status {
  return { kind, achieved, why };
}

export function limitReached(spent: string, gradientNorm: number): Status {
  const why = `The limit of ${spent} is reached; the gradient norm is ${show(gradientNorm)}.`;
  return ended("limit", gradientNorm, why);
}

export function diverged(step: number, { value, gradientNorm }: Figures, achieved: number): Status {
  const what = Number.isFinite(value) ? `gradient norm is ${gradientNorm}` : `value is ${value}`;
  const why =
    step === 0
      ? `The objective's ${what} at the start. Start elsewhere.`
      : `The objective's ${what} after step ${step}; the point before it is returned. Try a smaller learning rate.`;
  return ended("diverged", achieved, why);
}

/** A figure short enough for a sentence. */
export function show(x: number): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(6))) : String(x);
}
