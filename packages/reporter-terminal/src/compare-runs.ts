import { type LossCurveOptions, lossCurve } from "./loss-curve.js";
import type { RunSummary } from "./run-summary.js";
import { summaryTable } from "./summary-table.js";

/** Runs against each other: their curves over common axes, and a table of how each one ended. */
export function compareRuns(runs: readonly RunSummary[], options: LossCurveOptions = {}): string {
  const table = summaryTable(runs, options);
  const series = runs.flatMap(({ name, curve }) => (curve === undefined ? [] : [{ name, ...curve }]));
  return series.length === 0 ? table : `${lossCurve(series, options)}\n\n${table}`;
}
