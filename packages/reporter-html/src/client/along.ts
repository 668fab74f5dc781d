import { firstAtLeast } from "../draw/decimate.js";
import type { RunRecord } from "../record/run-record.js";
import type { Table } from "../record/table.js";
import type { Axis } from "./view.js";

/** Places of steps along an axis. */
export function along(run: RunRecord, table: Table, steps: readonly number[], axis: Axis): ArrayLike<number> {
  if (axis === "step") return steps;
  if (axis === "time") return steps.map((step) => at(table.step, table.timeMs, step) / 1000);
  if (axis === "evaluations") {
    const evaluations = run.steps.columns.evaluations;
    return evaluations ? steps.map((step) => at(evaluations.step, evaluations.last, step)) : steps;
  }
  // What has no epochs is shown by its steps, beside others or alone.
  if (run.start?.plan.stepsPerEpoch === 0) return steps;
  const perEpoch = run.start?.plan.stepsPerEpoch;
  return steps.map((step) => (perEpoch ? step / perEpoch : at(table.step, table.epoch, step)));
}

/** The number beside `x` in two lists, between its neighbours where `x` is. */
function at(xs: readonly number[], ys: readonly number[], x: number): number {
  const i = firstAtLeast(xs, x);
  if (i >= xs.length) return ys.at(-1) ?? Number.NaN;
  if (i === 0 || xs[i] === x) return ys[i]!;
  const share = (x - xs[i - 1]!) / (xs[i]! - xs[i - 1]!);
  return ys[i - 1]! + share * (ys[i]! - ys[i - 1]!);
}
