import { type FigureEvent, fromNum, type Num, type Packed } from "@downhill/core/train";
import { gzipSync, strToU8 } from "fflate";
import { toBase64 } from "./packed.js";
import type { RunRecord } from "./run-record.js";
import type { Series } from "./series.js";
import type { Table } from "./table.js";

// Steps and times hardly differ from one to the next, so that their differences pack well; times are whole
// microseconds. Numbers told at each step keep seven significant digits, as many as float32 has.

interface EmbeddedSeries {
  /** Differences; absent where the series has a number in every row of its table. */
  readonly step?: readonly number[];
  readonly last: readonly Num[];
  readonly width?: number;
  readonly filled?: number;
  readonly spread?: Readonly<Record<keyof NonNullable<Series["spread"]>, readonly Num[]>>;
}

interface EmbeddedTable {
  readonly step: readonly number[];
  readonly epoch: readonly number[];
  readonly timeUs: readonly number[];
  readonly columns: readonly (readonly [name: string, series: EmbeddedSeries])[];
  readonly rows: number;
  readonly width: number;
  readonly filled: number;
}

interface EmbeddedFigure extends Omit<FigureEvent, "data"> {
  readonly data: Readonly<Record<string, Omit<Packed, "data"> & { readonly data: number }>>;
}

type Tables = "steps" | "epochs" | "evaluations";
type EmbeddedRun = Omit<RunRecord, Tables | "figures"> &
  Readonly<Record<Tables, EmbeddedTable>> & { readonly figures: readonly EmbeddedFigure[] };

interface Embedded {
  readonly runs: readonly EmbeddedRun[];
  /** In base64. */
  readonly arrays: readonly string[];
}

/** Runs as the page carries them: JSON, compressed by gzip, in base64. A low level is quick, a high one small. */
export function embed(runs: readonly RunRecord[], level: 1 | 9 = 9): string {
  const arrays = new Map<string, number>();
  const embedded: Embedded = { runs: runs.map((run) => embedRun(run, arrays)), arrays: [...arrays.keys()] };
  return toBase64(gzipSync(strToU8(JSON.stringify(embedded)), { level, mtime: 0 }));
}

/** Runs from that JSON. */
export function unembed(json: string): RunRecord[] {
  const { runs, arrays } = JSON.parse(json) as Embedded;
  return runs.map((run) => ({
    ...run,
    figures: run.figures.map((figure) => ({
      ...figure,
      data: mapData(figure.data, (array) => ({ ...array, data: arrays[array.data]! })),
    })),
    steps: openTable(run.steps),
    epochs: openTable(run.epochs),
    evaluations: openTable(run.evaluations),
    // Without prototypes, as in a new record.
    histograms: {
      parameters: Object.assign(Object.create(null), run.histograms.parameters),
      gradients: Object.assign(Object.create(null), run.histograms.gradients),
    },
  }));
}

function mapData<A, B>(data: Readonly<Record<string, A>>, map: (array: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(data).map(([key, array]) => [key, map(array)]));
}

/** Arrays of figures are told by their places in a list: the ground that several runs go over is there once. */
function embedRun(run: RunRecord, arrays: Map<string, number>): EmbeddedRun {
  const place = (bytes: string) => {
    if (!arrays.has(bytes)) arrays.set(bytes, arrays.size);
    return arrays.get(bytes)!;
  };
  return {
    ...run,
    figures: run.figures.map((figure) => ({
      ...figure,
      // A record keeps its arrays in base64.
      data: mapData(figure.data, (array) => ({ ...array, data: place(array.data as string) })),
    })),
    steps: embedTable(run.steps),
    epochs: embedTable(run.epochs),
    evaluations: embedTable(run.evaluations),
  };
}

function embedTable({ step, epoch, timeMs, columns, ...counts }: Table): EmbeddedTable {
  return {
    step: differences(step),
    epoch: differences(epoch),
    timeUs: differences(timeMs.map((ms) => Math.round(ms * 1000))),
    columns: Object.entries(columns).map(([name, series]) => [name, embedSeries(series, step)]),
    ...counts,
  };
}

function embedSeries({ step, last, spread, width, filled }: Series, rows: readonly number[]): EmbeddedSeries {
  const everyRow = step.length === rows.length && step.every((value, i) => value === rows[i]);
  return {
    ...(!everyRow && { step: differences(step) }),
    last: last.map(short),
    // As long as no numbers were joined, both are 1.
    ...(spread && {
      width,
      filled,
      spread: {
        min: spread.min.map(short),
        max: spread.max.map(short),
        mean: spread.mean.map(short),
        count: spread.count,
      },
    }),
  };
}

function openTable({ step, epoch, timeUs, columns, ...counts }: EmbeddedTable): Table {
  const steps = sums(step);
  const open = ([name, series]: EmbeddedTable["columns"][number]) =>
    [name, openSeries(series, steps)] as const;
  return {
    step: steps,
    epoch: sums(epoch),
    timeMs: sums(timeUs).map((us) => us / 1000),
    columns: Object.assign(Object.create(null), Object.fromEntries(columns.map(open))),
    ...counts,
  };
}

function openSeries({ step, last, spread, width = 1, filled = 1 }: EmbeddedSeries, rows: number[]): Series {
  return {
    // A copy: a run that goes on has a list for each series.
    step: step === undefined ? [...rows] : sums(step),
    last: last.map(fromNum),
    width,
    filled,
    ...(spread && {
      spread: {
        min: spread.min.map(fromNum),
        max: spread.max.map(fromNum),
        mean: spread.mean.map(fromNum),
        count: spread.count.map(fromNum),
      },
    }),
  };
}

function short(x: number): Num {
  if (!Number.isFinite(x)) return String(x) as Num;
  return Number.isInteger(x) ? x : Number(x.toPrecision(7));
}

function differences(values: readonly number[]): number[] {
  return values.map((value, i) => value - (values[i - 1] ?? 0));
}

function sums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}
