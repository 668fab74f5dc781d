import type { Status } from "../status.js";
import type { Limits } from "./options.js";

/**
 * The status of a run that ends at a point because of what the point is, or undefined to go on. A gradient norm counts
 * only if it is within the tolerance whatever rounding did to it.
 */
export function judgePoint(
  value: number,
  gradientNorm: number,
  gradientError: number,
  limits: Limits,
): Status | undefined {
  if (gradientNorm + gradientError <= limits.gradientTolerance) {
    return {
      kind: "converged",
      criterion: "gradient",
      achieved: gradientNorm,
      why: `The gradient norm ${show(gradientNorm)} is within the tolerance ${limits.gradientTolerance}.`,
    };
  }
  if (value <= limits.target) {
    return {
      kind: "converged",
      criterion: "target",
      achieved: value,
      why: `The value ${show(value)} has reached the target ${limits.target}.`,
    };
  }
  if (gradientNorm <= limits.gradientTolerance) {
    return stalled(
      gradientNorm,
      `Differences of values near ${show(value)} cannot resolve the gradient: its norm ${show(gradientNorm)} may be off ` +
        `by ${show(gradientError)}. Give the gradient, or a larger gradientTolerance.`,
    );
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
  if (maxTimeMs < Number.POSITIVE_INFINITY && timeMs() >= maxTimeMs) return `${maxTimeMs} ms`;
  return undefined;
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

export function limitReached(spent: string, gradientNorm: number): Status {
  return {
    kind: "limit",
    achieved: gradientNorm,
    why: `The limit of ${spent} is reached; the gradient norm is ${show(gradientNorm)}.`,
  };
}

export function diverged(step: number, what: string, achieved: number): Status {
  return {
    kind: "diverged",
    achieved,
    why:
      step === 0
        ? `The objective's ${what} at the start. Start elsewhere.`
        : `The objective's ${what} after step ${step}; the point before it is returned. Try a smaller learning rate.`,
  };
}

export function stalled(achieved: number, why: string): Status {
  return { kind: "stalled", achieved, why };
}

export function stopped(achieved: number, why: string): Status {
  return { kind: "stopped", achieved, why };
}

/** A figure short enough for a sentence. */
export function show(x: number): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(6))) : String(x);
}
