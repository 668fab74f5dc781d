import type { ShownRun } from "../page/shown-run.js";
import type { RunRecord } from "../record/run-record.js";

/** How all curves of the page are looked at. */
export interface View {
  axis: Axis;
  logX: boolean;
  /** Weight of the past in the moving average, in [0, 1). */
  smoothing: number;
  /** Indices of the runs that are not shown. */
  readonly hidden: Set<number>;
}

/** The axis that is looked along: of runs without epochs, the step where others show epochs. */
export function axisOf({ axis }: View, runs: readonly Pick<ShownRun, "record">[]): Axis {
  return axis === "epoch" && !runs.some(({ record }) => hasEpochs(record)) ? "step" : axis;
}

export const hasEpochs = ({ start }: RunRecord): boolean => (start?.plan.stepsPerEpoch ?? 1) > 0;

export type Axis = "step" | "epoch" | "evaluations" | "time";

export const axisLabels: Readonly<Record<Axis, string>> = {
  step: "step",
  epoch: "epoch",
  evaluations: "evaluations",
  time: "time (s)",
};
