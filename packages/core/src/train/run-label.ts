import type { RunStart } from "./events.js";

/** A run's name for people: without the time that a default name ends with, for the event has that besides. */
export function runLabel({ run }: Pick<RunStart, "run">): string {
  return run.replace(/ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, "");
}
