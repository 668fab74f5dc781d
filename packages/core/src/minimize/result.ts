import type { Status } from "../status.js";
import type { GradientSource } from "./oracle.js";
import type { Parameters_ } from "./start.js";

/** A point on the way. */
export interface Step<P> {
  /** Updates made to reach it: 0 is the start. */
  readonly step: number;
  /** Evaluations of the objective until its value here was known. */
  readonly evaluations: number;
  readonly value: number;
  readonly gradientNorm: number;
  readonly parameters: Parameters_<P>;
  /** Milliseconds since the beginning. */
  readonly timeMs: number;
}

/** Where `minimize` ended. */
export interface Result<P> {
  readonly parameters: Parameters_<P>;
  /** The objective at these parameters. */
  readonly value: number;
  /** Euclidean norm of the whole gradient there. */
  readonly gradientNorm: number;
  /** Why it ended; "converged" holds at these very parameters. */
  readonly status: Status;
  /** Updates made to reach them. */
  readonly steps: number;
  /** Evaluations of the objective; those for a numeric gradient included. */
  readonly evaluations: number;
  /** How gradients were had; "numeric" ones limit how small a norm can get. */
  readonly gradientSource: GradientSource;
  readonly timeMs: number;
  /** Names of engine and dtype, and what was noted on opening it. */
  readonly engine: { readonly name: string; readonly dtype: string; readonly notes: readonly string[] };
  /** Every point from the start on, when asked for. */
  readonly history?: readonly Step<P>[];
}
