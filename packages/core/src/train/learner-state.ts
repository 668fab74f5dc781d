import type { Point } from "../optimizer/method.js";
import type { SavedState } from "../optimizer/saved-state.js";
import type { Data } from "../program/data.js";

/** All that a learner's next step depends on, besides the rows. */
export type LearnerState = RuleState | MethodState;

export interface RuleState extends SavedState {
  readonly kind: "rule";
  /** Loss of the last step. */
  readonly value: number;
  readonly parameters: Readonly<Record<string, Data>>;
  /** Batches that wait to be joined: what they weigh, their mean loss and Σ w·∇l. */
  readonly accumulated?: {
    readonly weight: number;
    readonly value: number;
    readonly gradient: Readonly<Record<string, Data>>;
  };
  /** Batches learned from, of which noise depends. */
  readonly batches: number;
}

export interface MethodState {
  readonly kind: "method";
  /** Loss of the last step. */
  readonly value: number;
  readonly optimizer: string;
  readonly t: number;
  readonly batches: number;
  readonly evaluations: number;
  /** All parameters in one row. */
  readonly x: Float64Array;
  /** What is known of x: a method may have had it by other programs than the next run would ask. */
  readonly at?: Point;
  /** The method's own state: plain data with vectors. */
  readonly state: unknown;
}
