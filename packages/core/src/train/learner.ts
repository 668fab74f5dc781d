import type { Session } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import type { Floats, Layout } from "../program/program.js";
import type { AtOnce } from "./at-once.js";
import type { Probe, StepEvent } from "./events.js";
import type { LearnerState } from "./learner-state.js";

/** How many steps late a loss may be known. */
export const mostUnread = 16;

/** What a driver and an optimizer say to each other: a rule and a method learn in different ways. */
export interface Learner {
  /** Updates made. */
  readonly updates: number;
  /** Evaluations of the loss or its gradient until `value` was known. */
  readonly evaluations: number;
  /** Loss of the last step's rows, before its update. */
  readonly value: number;
  /** What those rows weighed. */
  readonly weight: number;
  /** Norm of that loss's gradient, where every step sees all rows. */
  readonly gradientNorm: number;
  /**
   * Updates whose losses were not read yet, `mostUnread` at most: an asynchronous engine is asked for several at once, so
   * that it need not be waited for in each step.
   */
  readonly unread: number;
  /** Reads them. */
  read(): Work<void>;
  /** Makes the figures here those of the first update that is unread, which `read` has read. */
  next(): void;
  /** Why a method cannot go on from these rows, if it said so. */
  readonly stuck: string | undefined;
  /**
   * Learns from the rows in memory, which weigh so much together. `complete` says that with them the update is to
   * be made, which is told back: at once, where there is nothing to wait for. Measures the probes of an update.
   */
  learn(rows: number, weight: number, complete: boolean, probes: readonly Probe[]): AtOnce<boolean>;
  /** What the last update measured. */
  measured(probes: readonly Probe[]): Work<NonNullable<StepEvent["probes"]>>;
  /** The parameters to evaluate and to keep, in one row; theirs is the memory, until the next call of anything. */
  point(): Work<Floats>;
  /** Hyper-parameters of the last update; the same record as long as none changes. */
  hyper(): Readonly<Record<string, number>>;
  save(): Work<LearnerState>;
  load(state: LearnerState): void;
}

/** A learner before there is memory. */
export interface LearnerPlan {
  readonly layout: Layout;
  open(session: Session): Work<Learner>;
}
