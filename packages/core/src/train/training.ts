import type { Session } from "../engine/engine.js";
import type { Shapes } from "../optimizer/trace.js";
import type { Breath } from "./breath.js";
import type { Stopper } from "./early-stopping.js";
import type { Ending } from "./ending.js";
import type { Evaluator } from "./evaluator.js";
import type { Json } from "./events.js";
import type { Feeder } from "./feeder.js";
import type { Followers } from "./followers.js";
import type { Hub } from "./hub.js";
import type { Keeper } from "./keeper.js";
import type { Learner } from "./learner.js";
import type { Watched } from "./metric-path.js";
import type { Settings } from "./options.js";
import type { EpochInfo } from "./result.js";
import type { Control } from "./run.js";
import type { Saver } from "./saver.js";
import type { Snapshot } from "./snapshot.js";
import type { TrainMetrics } from "./train-metrics.js";

/** How far a run is. */
export interface Progress {
  /** Whole epochs made. */
  epoch: number;
  /** Batches of the next epoch that were learned from. */
  batch: number;
  /** Updates made. */
  step: number;
  /** Mean loss of the epoch's steps so far, and what their rows weigh. */
  loss: number;
  weight: number;
}

/** All that a run has. */
export interface Training {
  readonly settings: Settings<any>;
  /** With schedules that know the run's length. */
  readonly optimizer: Settings<any>["optimizer"];
  readonly name: string;
  /** What its bits depend on, for checkpoints; null where none are kept. */
  readonly made: Json;
  readonly shapes: Shapes;
  readonly session: Session;
  readonly learner: Learner;
  readonly feeder: Feeder;
  readonly evaluator: Evaluator;
  readonly hub: Hub;
  readonly control: Control;
  readonly breath: Breath;
  readonly keeper: Keeper;
  readonly monitor: Watched | undefined;
  readonly target: Watched | undefined;
  readonly stopper: Stopper | undefined;
  readonly followers: Followers;
  readonly saver: Saver | undefined;
  readonly trainMetrics: TrainMetrics;
  readonly progress: Progress;
  readonly history: EpochInfo[];
  /** Why it has ended already, of a run resumed after its end. */
  readonly ended: Ending | undefined;
  /** The checkpoint from which it goes on. */
  readonly resumed: Snapshot | undefined;
  /** Milliseconds of training so far, resumed parts included. */
  timeMs(nowMs?: number): number;
}
