import type { Status } from "../status.js";
import type { Limits } from "./options.js";

/** What is known of a point when the loop asks whether to go on. */
export interface Reached {
  readonly value: number;
  readonly gradientNorm: number;
  readonly steps: number;
  readonly evaluations: number;
  readonly timeMs: number;
}

/** The status of a run that ends at this point by convergence, or undefined to go on. */
export function judgePoint({ value, gradientNorm }: Reached, limits: Limits): Status | undefined {
  if (gradientNorm <= limits.gradientTolerance) {
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
  return undefined;
}

/** The status of a run whose budget is spent, or undefined to go on. */
export function judgeBudget(reached: Reached, limits: Limits): Status | undefined {
  const { steps, evaluations, timeMs, gradientNorm } = reached;
  const spent =
    steps >= limits.maxSteps
      ? `${steps} steps`
      : evaluations >= limits.maxEvaluations
        ? `${evaluations} evaluations`
        : timeMs >= limits.maxTimeMs
          ? `${Math.round(timeMs)} ms`
          : undefined;
  if (spent === undefined) return undefined;
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
