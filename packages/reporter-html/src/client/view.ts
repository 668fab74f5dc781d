/** How all curves of the page are looked at. */
export interface View {
  axis: Axis;
  logX: boolean;
  /** Weight of the past in the moving average, in [0, 1). */
  smoothing: number;
  /** Indices of the runs that are not shown. */
  readonly hidden: Set<number>;
}

export type Axis = "step" | "epoch" | "evaluations" | "time";

export const axisLabels: Readonly<Record<Axis, string>> = {
  step: "step",
  epoch: "epoch",
  evaluations: "evaluations",
  time: "time (s)",
};
