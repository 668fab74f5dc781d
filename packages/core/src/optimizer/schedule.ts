import type { Json } from "../train/events.js";

/**
 * A hyper-parameter over time: a pure function of the step, counted from 0, so that the first update uses
 * `schedule(0)`. Schedules made by Downhill carry their description as JSON; any function will do.
 */
export interface Schedule {
  (step: number): number;
  /** What made it; compared when a run is resumed. */
  readonly toJSON?: () => Json;
  /** The same schedule once the run's number of steps is known, for one that says `steps: "run"`. */
  readonly forRun?: (steps: number) => Schedule;
}

/** A number, or a number that changes with the step. */
export type Setting = number | Schedule;

/** The value of a setting at `step`, counted from 0. */
export function valueAt(setting: Setting, step: number): number {
  return typeof setting === "number" ? setting : setting(step);
}

/** A setting as JSON: a function without a description is told by values at some steps. */
export function describeSetting(setting: Setting): Json {
  if (typeof setting === "number") return setting;
  return setting.toJSON?.() ?? { schedule: "custom", samples: [0, 1, 2, 10, 100, 1000, 10000].map((step) => setting(step)) };
}
