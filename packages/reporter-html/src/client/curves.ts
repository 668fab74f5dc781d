import { fromNum } from "@downhill/core/train";
import type { Curve } from "../draw/curve.js";
import type { ShownRun } from "../page/shown-run.js";
import type { RunRecord } from "../record/run-record.js";
import type { Series } from "../record/series.js";
import type { Table } from "../record/table.js";
import { along } from "./along.js";
import type { ChartOptions } from "./chart.js";
import type { Runs } from "./runs.js";
import { axisOf, type View } from "./view.js";

const probeTitles: Readonly<Record<string, string>> = {
  gradientNorm: "Gradient norm",
  stepNorm: "Step norm",
  cosine: "Angle between step and −gradient, in degrees",
};

/** The loss of each step, and every metric of epochs and evaluations, part beside part. */
export function lossCharts(runs: Runs, view: View): ChartOptions[] {
  const records = runs.map(({ record }) => record);
  const losses: ChartOptions = {
    ...chartOf(runs, view, (run) => stepCurve(run, "value", view)),
    title: records.some(({ start }) => start?.data.rows === 0) ? "Value" : "Loss of each step's rows",
    wide: true,
    smooth: true,
  };
  const metrics = new Set(
    records.flatMap((run) =>
      [run.epochs, run.evaluations].flatMap((table) => Object.keys(table.columns).map(nameOf)),
    ),
  );
  return [
    ...(records.some((run) => run.steps.columns.value) ? [losses] : []),
    ...[...metrics].map((metric) => ({
      ...chartOf(runs, view, (run) => metricCurves(run, metric, runs.length > 1, view)),
      title: metric === "loss" ? "Loss of whole parts of the data" : metric,
    })),
    // What was found once, at the end, is in the table above.
  ].filter(({ curves }) => curves().some(({ x }) => x.length > 1));
}

/** Norms, angles and hyper-parameters, by step. Hyper-parameters that never change are left to the run's card. */
export function dynamicsCharts(runs: Runs, view: View): ChartOptions[] {
  const columns = new Set(runs.flatMap(({ record }) => Object.keys(record.steps.columns)));
  const changes = (column: string) =>
    runs.some(({ record }) => {
      const last = record.steps.columns[column]?.last ?? [];
      return last.some((value) => value !== last[0]);
    });
  return [...columns].flatMap((column) => {
    const [kind, name = ""] = splitAt(column, ".");
    const title = kind === "probes" ? (probeTitles[name] ?? name) : name;
    if (kind !== "probes" && !(kind === "hyper" && (name === "learningRate" || changes(column)))) return [];
    const isAngle = column === "probes.cosine";
    const curves = (run: ShownRun) =>
      stepCurve(run, column, view).map((one) => (isAngle ? angles(one) : one));
    return [
      {
        ...chartOf(runs, view, curves),
        title: name === "learningRate" ? "Learning rate" : title,
        smooth: kind === "probes",
      },
    ];
  });
}

/** Curves of the runs that are to be seen, and where those went on from a checkpoint. */
function chartOf(
  runs: Runs,
  view: View,
  curvesOf: (run: ShownRun) => readonly Curve[],
): Pick<ChartOptions, "curves" | "axis" | "marks"> {
  const seen = () => runs.filter(({ index }) => !view.hidden.has(index));
  return {
    curves: () => seen().flatMap(curvesOf),
    axis: () => axisOf(view, runs),
    marks: () =>
      seen().flatMap(({ record }) =>
        Array.from(along(record, record.steps, record.resumed, axisOf(view, runs))),
      ),
  };
}

function stepCurve({ record, name, index }: ShownRun, column: string, view: View): Curve[] {
  const series = record.steps.columns[column];
  if (series === undefined) return [];
  // Where each step sees all rows, there is no noise to smooth away.
  const exact = (record.start?.plan.stepsPerEpoch ?? 2) <= 1;
  const curve = { ...curveOf(record, record.steps, series, name, index, view), exact };
  return [column === "value" && record.start?.data.rows === 0 ? withEnd(curve, record, view) : curve];
}

/** Each step tells the value that it began at; where rows do not differ, the end's value is that of the next. */
function withEnd(curve: Curve, { end }: RunRecord, { axis }: View): Curve {
  const { x, y } = curve;
  if (end === undefined || x.length === 0) return curve;
  const at = {
    time: end.timeMs / 1000,
    evaluations: end.evaluations,
    step: end.steps + 1,
    epoch: end.steps + 1,
  };
  const place = at[axis] ?? x[x.length - 1]!;
  const more = (list: ArrayLike<number> | undefined, value: number) => list && [...Array.from(list), value];
  const value = fromNum(end.value);
  return {
    ...curve,
    x: [...Array.from(x), place],
    y: [...Array.from(y), value],
    min: more(curve.min, value),
    max: more(curve.max, value),
    count: more(curve.count, 1),
  };
}

/** Cosines as angles: the larger the one, the smaller the other. */
function angles(curve: Curve): Curve {
  const angle = (cosine: number) => (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
  const all = (cosines: ArrayLike<number> | undefined) => cosines && Array.from(cosines, angle);
  return { ...curve, y: all(curve.y)!, min: all(curve.max), max: all(curve.min) };
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
  const x = along(run, table, step, axisOf(view, [{ record: run }]));
  if (spread === undefined) return { name, color, x, y: last };
  // Where one of the joined numbers was not finite, that is what is shown.
  const y = spread.mean.map((mean, i) => (Number.isFinite(last[i]!) ? mean : last[i]!));
  return { name, color, x, y, min: spread.min, max: spread.max, count: spread.count };
}

const knownParts = ["train", "validation", "test"];
const dashes = ["none", "6 3", "2 3", "9 3 2 3"];

/** A metric's parts (train, validation, test): by colour for one run, by dashes where colours are the runs'. */
function metricCurves(
  { record: run, name: runName, index }: ShownRun,
  metric: string,
  several: boolean,
  view: View,
): Curve[] {
  const paths = [run.epochs, run.evaluations].flatMap((table) => Object.keys(table.columns));
  const parts = [...new Set(paths.filter((path) => nameOf(path) === metric))];
  return parts.flatMap((path, p) => {
    const [part] = splitAt(path, ".");
    // A part looks the same in every chart.
    const place = knownParts.includes(part) ? knownParts.indexOf(part) : knownParts.length + p;
    const look = several ? { color: index, dash: dashes[place % dashes.length]! } : { color: place };
    const curve = (table: Table, what: string, color = look.color): Curve[] => {
      const series = table.columns[path];
      return series
        ? [
            {
              ...curveOf(run, table, series, several ? `${runName}, ${what}` : what, 0, view),
              ...look,
              color,
            },
          ]
        : [];
    };
    // An epoch's training loss is the mean over its batches, before their updates: not that of a point.
    if (path === "train.loss")
      return [
        ...curve(run.evaluations, "train"),
        ...curve(run.epochs, "train, mean of the epoch's batches", several ? index : knownParts.length),
      ];
    const curves = [...curve(run.epochs, part), ...curve(run.evaluations, part)];
    return curves.length > 1 ? [{ ...joined(curves), ...look }] : curves;
  });
}

/** What epochs and evaluations say of the same metric, in order; of the same place, the latter. */
function joined(curves: readonly Curve[]): Curve {
  const values = new Map<number, number>();
  for (const { x, y } of curves) for (let i = 0; i < x.length; i++) values.set(x[i]!, y[i]!);
  const sorted = [...values].sort(([a], [b]) => a - b);
  return { name: curves[0]!.name, x: sorted.map(([x]) => x), y: sorted.map(([, y]) => y) };
}

const nameOf = (path: string): string => splitAt(path, ".")[1] ?? path;

function splitAt(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
