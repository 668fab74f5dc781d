import { fromNum, type Num } from "@downhill/core/train";
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
  readonly spread?: Readonly<Record<keyof NonNullable<Series["spread"]>, readonly Num[]>>;
}

interface EmbeddedTable {
  readonly step: readonly number[];
  readonly epoch: readonly number[];
  readonly timeUs: readonly number[];
  readonly columns: readonly (readonly [name: string, series: EmbeddedSeries])[];
  readonly rows: number;
}

type Tables = "steps" | "epochs" | "evaluations";
type EmbeddedRun = Omit<RunRecord, Tables> & Readonly<Record<Tables, EmbeddedTable>>;

/** Runs as the page carries them: JSON, compressed by gzip, in base64. */
export function embed(runs: readonly RunRecord[]): string {
  const json = JSON.stringify(runs.map(embedRun));
  return toBase64(gzipSync(strToU8(json), { level: 9, mtime: 0 }));
}

/** Runs from that JSON. */
export function unembed(json: string): RunRecord[] {
  return (JSON.parse(json) as EmbeddedRun[]).map((run) => ({
    ...run,
    steps: openTable(run.steps),
    epochs: openTable(run.epochs),
    evaluations: openTable(run.evaluations),
  }));
}

function embedRun(run: RunRecord): EmbeddedRun {
  return {
    ...run,
    steps: embedTable(run.steps),
    epochs: embedTable(run.epochs),
    evaluations: embedTable(run.evaluations),
  };
}

function embedTable({ step, epoch, timeMs, columns, rows }: Table): EmbeddedTable {
  return {
    step: differences(step),
    epoch: differences(epoch),
    timeUs: differences(timeMs.map((ms) => Math.round(ms * 1000))),
    columns: Object.entries(columns).map(([name, series]) => [name, embedSeries(series, step)]),
    rows,
  };
}

function embedSeries({ step, last, spread }: Series, rows: readonly number[]): EmbeddedSeries {
  const everyRow = step.length === rows.length && step.every((value, i) => value === rows[i]);
  return {
    ...(!everyRow && { step: differences(step) }),
    last: last.map(short),
    ...(spread && {
      spread: {
        min: spread.min.map(short),
        max: spread.max.map(short),
        mean: spread.mean.map(short),
        count: spread.count,
      },
    }),
  };
}

function openTable({ step, epoch, timeUs, columns, rows }: EmbeddedTable): Table {
  const steps = sums(step);
  const open = ([name, series]: EmbeddedTable["columns"][number]) =>
    [name, openSeries(series, steps)] as const;
  return {
    step: steps,
    epoch: sums(epoch),
    timeMs: sums(timeUs).map((us) => us / 1000),
    columns: Object.fromEntries(columns.map(open)),
    rows,
    width: 1,
    filled: 1,
  };
}

function openSeries({ step, last, spread }: EmbeddedSeries, rows: number[]): Series {
  return {
    step: step === undefined ? rows : sums(step),
    last: last.map(fromNum),
    width: 1,
    filled: 1,
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
