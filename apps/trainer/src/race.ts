import { type Engine, type MinimizeOptions, minimize, type Optimizer, type Result } from "@downhill/core";
import { type Event, minimizationEvents } from "@downhill/core/train";
import type { Problem } from "./problems.js";

type Start = { readonly x: number; readonly y: number };

/** An optimizer under the name that it is shown by. */
export interface Racer {
  readonly name: string;
  readonly optimizer: Optimizer<any>;
}

/** A racer's way down. */
export interface Finished extends Racer {
  readonly result: Result<Start>;
  /** What reports are made of. */
  readonly events: readonly Event[];
}

export type RaceOptions = Omit<MinimizeOptions<Start, Engine<"sync">>, "start" | "optimizer" | "history"> & {
  /** Default the problem's. */
  readonly start?: Start;
};

/** Minimises a test problem by several optimizers, from the same start. */
export function race(
  problem: string,
  { f, start: [x, y], view }: Problem,
  racers: readonly Racer[],
  options: RaceOptions = {},
): Finished[] {
  return racers.map(({ name, optimizer }) => {
    const given = { start: { x, y }, ...options, optimizer, history: true };
    const result: Result<Start> = minimize(f, given);
    const events = minimizationEvents<Start>(f, given, result, { problem, run: name, view });
    return { name, optimizer, result, events };
  });
}
