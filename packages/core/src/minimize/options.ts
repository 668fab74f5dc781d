import type { Engine } from "../engine/engine.js";
import type { Optimizer } from "../optimizer/optimizer.js";
import type { DType } from "../program/program.js";
import { mapValues } from "../record/map-values.js";
import type { Start } from "./start.js";

/** What `minimize` needs besides the objective. */
export interface MinimizeOptions<
  P extends Readonly<Record<string, Start>>,
  E extends Engine = Engine<"sync">,
> {
  /** Parameters by name: numbers, arrays, typed arrays, or tensor(values, shape). */
  readonly start: P;
  readonly optimizer: Optimizer<any>;
  /** Default `light()`. */
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

/** Defaults, and the least that is allowed. */
const ranges: Readonly<Record<keyof Limits, readonly [standard: number, least: number]>> = {
  gradientTolerance: [1e-6, 0],
  target: [-Infinity, -Infinity],
  maxSteps: [10_000, 0],
  maxEvaluations: [Infinity, 1],
  maxTimeMs: [Infinity, 0],
};

export function checkLimits(given: Partial<Limits>): Limits {
  return mapValues(ranges, ([standard, least], name) => {
    const value = given[name] ?? standard;
    const isWhole = name !== "maxSteps" || Number.isInteger(value) || value === Infinity;
    if (value >= least && isWhole) return value;
    const expected = value >= least ? "whole number" : least < 0 ? "number" : `number of at least ${least}`;
    throw new RangeError(`minimize: ${name} = ${value} is not allowed; expected a ${expected}.`);
  });
}

const known: Readonly<Record<keyof MinimizeOptions<Record<string, Start>>, unknown>> = {
  ...ranges,
  start: true,
  optimizer: true,
  engine: true,
  dtype: true,
  seed: true,
  history: true,
  signal: true,
};
export const optionNames: readonly string[] = /* @__PURE__ */ Object.keys(known);
