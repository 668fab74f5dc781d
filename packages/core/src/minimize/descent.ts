import type { Engine } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import type { Shapes } from "../optimizer/trace.js";
import type { Data } from "../program/data.js";
import type { DType, Floats } from "../program/program.js";
import type { Callback, Objective } from "./objective.js";
import type { GradientSource } from "./oracle.js";
import type { Start } from "./start.js";

/** What is to be minimised, from where, and by which engine. */
export interface Problem {
  readonly f: Objective<any> | Callback<any>;
  /** Parameters in the form in which they were given, and as numbers with a shape. */
  readonly given: Readonly<Record<string, Start>>;
  readonly start: Readonly<Record<string, Data>>;
  readonly shapes: Shapes;
  readonly engine: Engine;
  readonly dtype: DType;
  readonly seed: number;
}

/** Opens a way down. */
export type Descend<O> = (optimizer: O, problem: Problem) => Work<Descent>;

/** A way down, one step at a time; `minimize` decides when to end. */
export interface Descent {
  /** Value and gradient norm of the point evaluated last. */
  readonly value: number;
  readonly gradientNorm: number;
  /**
   * By how much rounding alone may have changed the gradient norm: more than nothing where the gradient is estimated
   * from differences.
   */
  readonly gradientError: number;
  readonly evaluations: number;
  /** Evaluations that `evaluate` will take now, and that it takes at a new point. */
  readonly cost: { readonly here: number; readonly next: number };
  readonly gradientSource: GradientSource;
  /** What the engine noted on opening. */
  readonly notes: readonly string[];
  /** Why a method cannot go on, if it said so. */
  readonly stuck: string | undefined;
  /** Evaluates the current point. */
  evaluate(): Work<void>;
  /**
   * Makes a step from the current point, which was evaluated. A method that would need more than `allowed` evaluations
   * in all stays where it is and gives false.
   */
  move(allowed: number): Work<boolean>;
  /**
   * Both in one run of one program, where that is possible: a promise to wait for, or undefined when it is done. Not
   * work, whose generators would cost more than a small step does.
   */
  readonly evaluateAndMove?: (() => PromiseLike<void> | undefined) | undefined;
  /** The last point whose value and gradient were finite, all parameters in one row. */
  point(): Work<Floats>;
  dispose(): void;
}
