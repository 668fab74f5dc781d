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
  /** Settings that it is made of. */
  readonly parts?: readonly Setting[];
}

/**
 * A schedule that follows a metric, as plateau does: the one kind with a state, so that each run needs one of its own.
 * `train` shows it each value of its metric and keeps its state in checkpoints.
 */
export interface Controller extends Schedule {
  /** The metric it wants to see: `validation.loss`. */
  readonly monitor: string;
  observe(value: number): void;
  save(): Json;
  /** Goes on from what `save` gave; throws if that does not fit. */
  load(state: Json): void;
}

/** A number, or a number that changes with the step. */
export type Setting = number | Schedule;

/** The value of a setting at `step`, counted from 0. */
export function valueAt(setting: Setting, step: number): number {
  return typeof setting === "number" ? setting : setting(step);
}

/** The controllers in a setting: it itself or those it is made of, in order. */
export function controllersOf(setting: Setting): readonly Controller[] {
  if (typeof setting === "number") return [];
  return "observe" in setting ? [setting as Controller] : (setting.parts ?? []).flatMap(controllersOf);
}

/** A setting as JSON: a function without a description is told by values at some steps. */
export function describeSetting(setting: Setting): Json {
  if (typeof setting === "number") return setting;
  return (
    setting.toJSON?.() ?? {
      schedule: "custom",
      samples: [0, 1, 2, 10, 100, 1000, 10000].map((step) => setting(step)),
    }
  );
}
