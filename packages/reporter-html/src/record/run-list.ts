import type { Event, RunStart } from "@downhill/core/train";
import type { Histogram } from "../draw/histograms.js";
import { createRecord, type RunRecord, record, recordSteps } from "./run-record.js";
import { shorten } from "./series.js";
import type { StepBatch } from "./step-batch.js";
import type { Table } from "./table.js";

/**
 * Takes an event into the last of the runs, or begins another one. A run that goes on from a checkpoint goes on in its
 * own record, where that is the last: what it had told after the checkpoint is told again.
 */
export function tell(runs: RunRecord[], event: Event): void {
  const run = runFor(runs, event);
  if (run) record(run, event);
}

/** Takes a batch of steps of one run, and empties it. */
export function tellSteps(runs: RunRecord[], batch: StepBatch): void {
  const run = batch.count > 0 ? runFor(runs, { type: "step" }) : undefined;
  if (run) recordSteps(run, batch);
  batch.count = 0;
}

/** The record that an event belongs to; undefined where it belongs to none. */
function runFor(
  runs: RunRecord[],
  event: RunStart | { readonly type: Exclude<Event["type"], "run-start"> },
): RunRecord | undefined {
  const last = runs.at(-1);
  if (event.type === "run-start") {
    if (last?.start && event.from > 0 && event.run === last.start.run) {
      rewind(last, event.from);
      last.start = { ...event, from: last.start.from, time: last.start.time };
      last.resumed.push(event.from);
      delete last.end;
      return undefined;
    }
    runs.push(createRecord());
  } else if (last === undefined) {
    runs.push(createRecord());
  } else if (last.end !== undefined) {
    // A straggler of a run that has ended is none of the next.
    return undefined;
  }
  return runs.at(-1);
}

/** Forgets what happened after a step. */
function rewind(run: RunRecord, step: number): void {
  for (const table of [run.steps, run.epochs, run.evaluations]) rewindTable(table, step);
  forgetFrom(run.resumed, step);
  for (const list of [run.notices, run.checkpoints, run.figures]) forgetAfter<{ step: number }>(list, step);
  for (const slices of Object.values(run.histograms).flatMap(Object.values))
    forgetAfter<Histogram>(slices, step);
}

function forgetAfter<T extends { readonly step: number }>(list: T[], step: number): void {
  list.splice(0, list.length, ...list.filter((told) => told.step <= step));
}

function forgetFrom(steps: number[], step: number): void {
  while (steps.length > 0 && steps.at(-1)! >= step) steps.pop();
}

function rewindTable(table: Table, step: number): void {
  const rows = lengthUpTo(table.step, step);
  table.rows -= (table.step.length - rows) * table.width;
  table.filled = table.width;
  for (const column of [table.step, table.epoch, table.timeMs]) column.length = rows;
  for (const series of Object.values(table.columns)) shorten(series, lengthUpTo(series.step, step));
}

function lengthUpTo(steps: readonly number[], step: number): number {
  let length = steps.length;
  while (length > 0 && steps[length - 1]! > step) length--;
  return length;
}
