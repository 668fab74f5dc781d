import { type Event, type Metrics, type Num, type Packed, toNum } from "@downhill/core/train";
import type { Histogram } from "../draw/histograms.js";
import { pack } from "./packed.js";
import type { RunRecord } from "./run-record.js";
import type { Series } from "./series.js";
import type { Table } from "./table.js";

/** The events that the record still knows, in the order of their steps. */
export function eventsOf(run: RunRecord): Event[] {
  const told: Event[] = [
    ...run.notices.map(({ type, level, message }) => ({ type, level, message })),
    ...stepEvents(run),
    ...rowEvents(run.epochs, "epoch"),
    ...rowEvents(run.evaluations, "evaluation"),
    ...run.figures,
    ...run.checkpoints,
  ];
  const steps = new Map<Event, number>(run.notices.map(({ step }, i) => [told[i]!, step]));
  const at = (event: Event) => ("step" in event ? event.step : (steps.get(event) ?? 0));
  told.sort((a, b) => at(a) - at(b));
  return [...(run.start ? [run.start] : []), ...told, ...(run.end ? [run.end] : [])];
}

/** Looks a series' number at a step up; steps must ascend from call to call. */
function reader({ step, last }: Series): (at: number) => number | undefined {
  let i = 0;
  return (at) => {
    while (i < step.length && step[i]! < at) i++;
    return step[i] === at ? last[i] : undefined;
  };
}

function stepEvents({ steps, histograms }: RunRecord): Event[] {
  const readers = Object.entries(steps.columns).map(([name, series]) => [name, reader(series)] as const);
  return steps.step.map((step, i) => {
    const hyper: Record<string, Num> = {};
    const probes: Record<string, Num | Record<string, Packed>> = {};
    let value: Num = "NaN";
    let evaluations: number | undefined;
    for (const [name, read] of readers) {
      const number = read(step);
      if (number === undefined) continue;
      if (name === "value") value = toNum(number);
      else if (name === "evaluations") evaluations = number;
      else if (name.startsWith("hyper.")) hyper[name.slice(6)] = toNum(number);
      else if (name.startsWith("probes.")) probes[name.slice(7)] = toNum(number);
    }
    for (const what of ["parameters", "gradients"] as const) {
      const at = Object.entries(histograms[what]).flatMap(([name, slices]) => {
        const slice = slices.find((candidate) => candidate.step === step);
        return slice ? [[name, packBins(slice)] as const] : [];
      });
      if (at.length > 0)
        probes[what === "parameters" ? "parameterHistograms" : "gradientHistograms"] = Object.fromEntries(at);
    }
    const counted = evaluations !== undefined && { evaluations };
    const measured = Object.keys(probes).length > 0 && { probes };
    return {
      type: "step",
      step,
      epoch: steps.epoch[i]!,
      value,
      hyper,
      ...measured,
      ...counted,
      timeMs: steps.timeMs[i]!,
    };
  });
}

function packBins({ low, high, counts }: Histogram): Packed {
  const width = (high - low) / counts.length;
  const bins = counts.flatMap((n, i) => [
    low + i * width,
    i === counts.length - 1 ? high : low + (i + 1) * width,
    n,
  ]);
  return pack(bins, [counts.length, 3], "float64");
}

function rowEvents(table: Table, type: "epoch" | "evaluation"): Event[] {
  const readers = Object.entries(table.columns).map(([path, series]) => [path, reader(series)] as const);
  return table.step.map((step, i) => {
    const metrics: Record<string, Record<string, Num>> = {};
    for (const [path, read] of readers) {
      const number = read(step);
      if (number === undefined) continue;
      const dot = path.indexOf(".");
      (metrics[path.slice(0, dot)] ??= {})[path.slice(dot + 1)] = toNum(number);
    }
    return { type, step, epoch: table.epoch[i]!, metrics: metrics as Metrics, timeMs: table.timeMs[i]! };
  });
}
