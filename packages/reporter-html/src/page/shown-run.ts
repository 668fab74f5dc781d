import type { RunRecord } from "../record/run-record.js";

/** A run as the report shows it. */
export interface ShownRun {
  readonly record: RunRecord;
  readonly name: string;
  /** Its place among all runs of the report, which decides its colour. */
  readonly index: number;
}
