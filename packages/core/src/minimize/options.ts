import type { Engine } from "../engine/engine.js";
import type { Optimizer } from "../optimizer/optimizer.js";
import type { DType } from "../program/program.js";
import type { Start } from "./start.js";

/** What `minimize` needs besides the objective. */
export interface MinimizeOptions<
  P extends Readonly<Record<string, Start>>,
  E extends Engine = Engine<"sync">,
> {
  /** Parameters by name: numbers, arrays, typed arrays, or tensor(values, shape). */
  readonly start: P;
  readonly optimizer: Optimizer<any>;
  /** Default `js()`. */
  readonly engine?: E;
  /** Default float64. */
  readonly dtype?: DType;
  /** Converged when the Euclidean norm of the whole gradient is at most this. Default 1e-6. */
  readonly gradientTolerance?: number;
  /** Converged when the value is at most this. Default none. */
  readonly target?: number;
  /** Most updates. Default 10 000. */
  readonly maxSteps?: number;
  /** Most evaluations of value or gradient. Default unlimited. */
  readonly maxEvaluations?: number;
  /** Most milliseconds. Default unlimited. */
  readonly maxTimeMs?: number;
  /** Seed of rules that draw noise. Default 0. */
  readonly seed?: number;
  /** Keep every point with its value and gradient norm. Default false. */
  readonly history?: boolean;
  /** Stops the run before its next step. */
  readonly signal?: AbortSignal;
}

/** Options with their defaults, checked. */
export interface Limits {
  readonly gradientTolerance: number;
  readonly target: number;
  readonly maxSteps: number;
  readonly maxEvaluations: number;
  readonly maxTimeMs: number;
}

export function checkLimits({
  gradientTolerance = 1e-6,
  target = Number.NEGATIVE_INFINITY,
  maxSteps = 10_000,
  maxEvaluations = Number.POSITIVE_INFINITY,
  maxTimeMs = Number.POSITIVE_INFINITY,
}: Partial<Limits>): Limits {
  const atLeast = (name: string, value: number, least: number) => {
    if (value >= least) return;
    throw new RangeError(
      `minimize: ${name} = ${value} is not allowed; expected a number of at least ${least}.`,
    );
  };
  atLeast("gradientTolerance", gradientTolerance, 0);
  atLeast("maxSteps", maxSteps, 0);
  if (!Number.isInteger(maxSteps) && maxSteps !== Number.POSITIVE_INFINITY) {
    throw new RangeError(`minimize: maxSteps = ${maxSteps} is not allowed; expected a whole number.`);
  }
  atLeast("maxEvaluations", maxEvaluations, 1);
  atLeast("maxTimeMs", maxTimeMs, 0);
  if (Number.isNaN(target)) throw new RangeError("minimize: target = NaN is not allowed; expected a number.");
  return { gradientTolerance, target, maxSteps, maxEvaluations, maxTimeMs };
}

const known: Readonly<Record<keyof MinimizeOptions<Record<string, Start>>, true>> = {
  start: true,
  optimizer: true,
  engine: true,
  dtype: true,
  gradientTolerance: true,
  target: true,
  maxSteps: true,
  maxEvaluations: true,
  maxTimeMs: true,
  seed: true,
  history: true,
  signal: true,
};
export const optionNames: readonly string[] = Object.keys(known);
