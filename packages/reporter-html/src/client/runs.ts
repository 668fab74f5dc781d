import type { ShownRun } from "../page/shown-run.js";

/** Runs that are looked at together. */
export type Runs = readonly ShownRun[];
