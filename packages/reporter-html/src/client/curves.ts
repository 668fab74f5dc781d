import type { Curve } from "../draw/curve.js";
import type { RunRecord } from "../record/run-record.js";
import type { Series } from "../record/series.js";
import type { Table } from "../record/table.js";
import { along } from "./along.js";
import type { ChartOptions } from "./chart.js";
import type { View } from "./view.js";

export interface Runs {
  readonly records: readonly RunRecord[];
  readonly names: readonly string[];
}

const probeTitles: Readonly<Record<string, string>> = {
  gradientNorm: "Gradient norm",
  stepNorm: "Step norm",
  cosine: "Cosine of step and −gradient",
};

/** The loss of each step, and every metric of epochs and evaluations, part beside part. */
export function lossCharts({ records, names }: Runs, view: View): ChartOptions[] {
  const curves = () => visible(view, records, (run, i) => stepCurve(run, "value", names[i]!, i, view));
  const metrics = new Set(
    records.flatMap((run) =>
      [run.epochs, run.evaluations].flatMap((table) => Object.keys(table.columns).map(nameOf)),
    ),
  );
  return [
    ...(records.some((run) => run.steps.columns.value)
      ? [{ title: "Loss of each step's rows", curves, wide: true, smooth: true }]
      : []),
    ...[...metrics].map((metric) => ({
      title: metric === "loss" ? "Loss of whole parts of the data" : metric,
      curves: () =>
        visible(view, records, (run, i) =>
          metricCurves(run, metric, records.length > 1 ? names[i]! : "", i, view),
        ),
    })),
  ];
}

/** Norms, angles and hyper-parameters, by step. Hyper-parameters that never change are left to the run's card. */
export function dynamicsCharts({ records, names }: Runs, view: View): ChartOptions[] {
  const columns = new Set(records.flatMap(({ steps }) => Object.keys(steps.columns)));
  const changes = (column: string) =>
    records.some(({ steps }) => {
      const last = steps.columns[column]?.last ?? [];
      return last.some((value) => value !== last[0]);
    });
  return [...columns].flatMap((column) => {
    const [kind, name = ""] = splitAt(column, ".");
    const title = kind === "probes" ? (probeTitles[name] ?? name) : name;
    if (kind !== "probes" && !(kind === "hyper" && (name === "learningRate" || changes(column)))) return [];
    const curves = () => visible(view, records, (run, i) => stepCurve(run, column, names[i]!, i, view));
    return [{ title: name === "learningRate" ? "Learning rate" : title, curves, smooth: kind === "probes" }];
  });
}

function visible(
  view: View,
  records: readonly RunRecord[],
  curvesOf: (run: RunRecord, i: number) => readonly Curve[],
): Curve[] {
  return records.flatMap((run, i) => (view.hidden.has(i) ? [] : curvesOf(run, i)));
}

function stepCurve(run: RunRecord, column: string, name: string, color: number, view: View): Curve[] {
  const series = run.steps.columns[column];
  return series === undefined ? [] : [curveOf(run, run.steps, series, name, color, view)];
}

function curveOf(
  run: RunRecord,
  table: Table,
  series: Series,
  name: string,
  color: number,
  view: View,
): Curve {
  const { step, last, spread } = series;
  const x = along(run, table, step, view.axis);
  if (spread === undefined) return { name, color, x, y: last };
  // Where one of the joined numbers was not finite, that is what is shown.
  const y = spread.mean.map((mean, i) => (Number.isFinite(last[i]!) ? mean : last[i]!));
  return { name, color, x, y, min: spread.min, max: spread.max, count: spread.count };
}

const knownParts = ["train", "validation", "test"];
const dashes = ["none", "6 3", "2 3", "9 3 2 3"];

/** A metric's parts (train, validation, test): by colour for one run, by dashes where colours are the runs'. */
function metricCurves(run: RunRecord, metric: string, runName: string, index: number, view: View): Curve[] {
  const paths = [run.epochs, run.evaluations].flatMap((table) => Object.keys(table.columns));
  const parts = [...new Set(paths.filter((path) => nameOf(path) === metric))];
  return parts.map((path, p) => {
    const [part] = splitAt(path, ".");
    const name = runName ? `${runName}, ${part}` : part;
    // A part looks the same in every chart.
    const place = knownParts.includes(part) ? knownParts.indexOf(part) : knownParts.length + p;
    const look = runName ? { color: index, dash: dashes[place % dashes.length]! } : { color: place };
    const tables = [run.epochs, run.evaluations].filter((table) => table.columns[path]);
    const curves = tables.map((table) => curveOf(run, table, table.columns[path]!, name, 0, view));
    return { ...(curves.length === 1 ? curves[0]! : joined(curves, name)), ...look };
  });
}

/** What epochs and evaluations say of the same metric, in order; of the same place, the latter. */
function joined(curves: readonly Curve[], name: string): Curve {
  const values = new Map<number, number>();
  for (const { x, y } of curves) for (let i = 0; i < x.length; i++) values.set(x[i]!, y[i]!);
  const sorted = [...values].sort(([a], [b]) => a - b);
  return { name, x: sorted.map(([x]) => x), y: sorted.map(([, y]) => y) };
}

const nameOf = (path: string): string => splitAt(path, ".")[1] ?? path;

function splitAt(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
