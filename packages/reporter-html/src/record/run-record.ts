import {
  type CheckpointEvent,
  type Event,
  type FigureEvent,
  fromNum,
  type Metrics,
  type NoticeEvent,
  type Num,
  type Packed,
  type RunEnd,
  type RunStart,
  type StepEvent,
} from "@downhill/core/train";
import type { Histogram } from "../draw/histograms.js";
import { keepFigure } from "./keep-figure.js";
import { unpack } from "./packed.js";
import { append } from "./series.js";
import type { StepBatch } from "./step-batch.js";
import { appendRow, appendValue, createTable, seriesOf, type Table } from "./table.js";

/** What a report knows of a run, in bounded memory. */
export interface RunRecord {
  start?: RunStart;
  end?: RunEnd;
  /** Columns "value", "evaluations", "hyper.learningRate", "probes.gradientNorm" and the like. */
  readonly steps: Table;
  /** Columns "train.loss", "validation.accuracy" and the like; so have evaluations. */
  readonly epochs: Table;
  readonly evaluations: Table;
  /** By "parameters" or "gradients", then by parameter name. */
  readonly histograms: Record<"parameters" | "gradients", Record<string, Histogram[]>>;
  /** With the step after which each was told. */
  readonly notices: (NoticeEvent & { readonly step: number })[];
  readonly checkpoints: CheckpointEvent[];
  readonly figures: FigureEvent[];
  /** Steps after which the run went on from a checkpoint. */
  readonly resumed: number[];
}

export function createRecord(): RunRecord {
  return {
    steps: createTable(),
    epochs: createTable(),
    evaluations: createTable(),
    histograms: { parameters: Object.create(null), gradients: Object.create(null) },
    notices: [],
    checkpoints: [],
    figures: [],
    resumed: [],
  };
}

const mostHistograms = 48;
const mostNotices = 1000;

/** Takes an event into the record. */
export function record(run: RunRecord, event: Event): void {
  switch (event.type) {
    case "run-start":
      run.start = event;
      break;
    case "step":
      recordStep(run, event);
      break;
    case "epoch":
      recordMetrics(run.epochs, event);
      break;
    case "evaluation":
      recordMetrics(run.evaluations, event);
      break;
    case "figure":
      keepFigure(run.figures, event);
      break;
    case "checkpoint":
      push(run.checkpoints, event);
      break;
    case "notice":
      push(run.notices, { ...event, step: run.steps.step.at(-1) ?? run.start?.from ?? 0 });
      break;
    case "run-end":
      run.end = event;
  }
}

/** The oldest but the first makes room. */
function push<T>(list: T[], item: T): void {
  if (list.length >= mostNotices) list.splice(1, 1);
  list.push(item);
}

/** Takes a batch of steps into the record, series by series. */
export function recordSteps({ steps }: RunRecord, { count, ...batch }: StepBatch): void {
  const names = new Set<string>();
  let latest: StepEvent["hyper"] | undefined;
  for (let i = 0; i < count; i++) {
    appendRow(steps, batch.step[i]!, batch.epoch[i]!, batch.timeMs[i]!);
    const hyper = batch.hyper[i]!;
    // Most often it is the same record as before.
    if (hyper !== latest) for (const name in hyper) names.add(name);
    latest = hyper;
  }
  const value = seriesOf(steps, "value");
  for (let i = 0; i < count; i++) append(value, batch.step[i]!, batch.value[i]!);
  for (let i = 0; i < count; i++) {
    const evaluations = batch.evaluations[i];
    if (evaluations !== undefined) append(seriesOf(steps, "evaluations"), batch.step[i]!, evaluations);
  }
  for (const name of names) {
    const series = seriesOf(steps, columnOf("hyper", name));
    for (let i = 0; i < count; i++) {
      const number = batch.hyper[i]![name];
      if (number !== undefined) append(series, batch.step[i]!, fromNum(number));
    }
  }
}

function recordStep({ steps, histograms }: RunRecord, event: StepEvent): void {
  const { step, value, hyper, probes, evaluations } = event;
  appendRow(steps, step, event.epoch, event.timeMs);
  appendValue(steps, "value", step, fromNum(value));
  if (evaluations !== undefined) appendValue(steps, "evaluations", step, evaluations);
  for (const name in hyper) appendValue(steps, columnOf("hyper", name), step, fromNum(hyper[name]!));
  for (const probe in probes) {
    const measured = probes[probe as keyof typeof probes]!;
    if (typeof measured !== "object")
      appendValue(steps, columnOf("probes", probe), step, fromNum(measured as Num));
    else if (probe === "parameterHistograms") keepHistograms(histograms.parameters, step, measured);
    else if (probe === "gradientHistograms") keepHistograms(histograms.gradients, step, measured);
  }
}

const columns = { hyper: new Map<string, string>(), probes: new Map<string, string>() };

/** `hyper.learningRate`: made once, for a text that is put together anew is looked up slowly. */
function columnOf(kind: keyof typeof columns, name: string): string {
  let column = columns[kind].get(name);
  if (column === undefined) {
    column = `${kind}.${name}`;
    columns[kind].set(name, column);
  }
  return column;
}

function recordMetrics(
  table: Table,
  event: {
    readonly step: number;
    readonly epoch: number;
    readonly timeMs: number;
    readonly metrics: Metrics;
  },
): void {
  appendRow(table, event.step, event.epoch, event.timeMs);
  for (const part in event.metrics) {
    const figures = event.metrics[part]!;
    for (const name in figures) {
      appendValue(table, `${part}.${name}`, event.step, fromNum(figures[name]!));
    }
  }
}

function keepHistograms(
  kept: Record<string, Histogram[]>,
  step: number,
  measured: Readonly<Record<string, Packed>>,
): void {
  for (const [name, packed] of Object.entries(measured)) {
    const bins = unpack(packed);
    const slices = (kept[name] ??= []);
    // Every second one is forgotten, but never the first.
    if (slices.length >= mostHistograms) {
      slices.splice(0, slices.length, ...slices.filter((_, i) => i % 2 === 0));
    }
    slices.push({
      step,
      low: bins[0] ?? 0,
      high: bins[bins.length - 2] ?? 0,
      counts: Array.from({ length: bins.length / 3 }, (_, i) => bins[3 * i + 2]!),
    });
  }
}
