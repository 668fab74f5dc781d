import {
  type EpochEvent,
  type EvaluationEvent,
  fromNum,
  type Metrics,
  type Num,
  type Packed,
  type RunEnd,
  type RunStart,
  type StepEvent,
} from "@downhill/core/train";
import type { Value } from "./format/event-record.js";
import type { Point } from "./format/scalar-records.js";
import { runCard, runResult } from "./run-card.js";
import { histogram } from "./summary/histogram.js";
import { hyperParametersOf, sessionEnd, sessionStart } from "./summary/hparams.js";
import { scalar } from "./summary/scalar.js";
import { text } from "./summary/text.js";

// A tag's part before the first slash is the group that TensorBoard shows it in.

export function startValues(start: RunStart): { readonly session: Value; readonly card: Value } {
  return {
    session: sessionStart(hyperParametersOf(start), start.run, Date.parse(start.time) / 1000),
    card: text("run/card", runCard(start)),
  };
}

/** `loss/step`, `hyper/…`, `probes/…`. */
export function stepPoints({ value, hyper, probes }: StepEvent): Point[] {
  const points: Point[] = [["loss/step", fromNum(value)]];
  for (const name in hyper) points.push([tagOf("hyper", name), fromNum(hyper[name]!)]);
  if (probes === undefined) return points;
  for (const name of ["gradientNorm", "stepNorm", "cosine"] as const) {
    if (probes[name] !== undefined) points.push([tagOf("probes", name), fromNum(probes[name] as Num)]);
  }
  return points;
}

/** The histograms `parameters/…` and `gradients/…`. */
export function stepHistograms({
  probes: { parameterHistograms, gradientHistograms } = {},
}: StepEvent): Value[] {
  return [...histograms("parameters", parameterHistograms), ...histograms("gradients", gradientHistograms)];
}

const tags = { hyper: new Map<string, string>(), probes: new Map<string, string>() };

/** `hyper/learningRate`: made once, for a text that is put together anew is looked up slowly. */
function tagOf(group: keyof typeof tags, name: string): string {
  let tag = tags[group].get(name);
  if (tag === undefined) {
    tag = `${group}/${name}`;
    tags[group].set(name, tag);
  }
  return tag;
}

function histograms(group: string, measured: unknown): Value[] {
  const byName = (measured ?? {}) as Readonly<Record<string, Packed>>;
  return Object.entries(byName).map(([name, packed]) => histogram(`${group}/${name}`, packed));
}

/** `loss/train`, `loss/validation`, `accuracy/validation`: a metric's parts stand side by side. */
export function epochValues({ metrics }: EpochEvent): Value[] {
  return figures(metrics, (part, metric) => `${metric}/${part}`);
}

/**
 * `evaluation/train.loss` and the like: apart from the epochs' figures, for those of the training rows are means over
 * an epoch's batches, and the last evaluation is of the parameters that are returned.
 */
export function evaluationValues({ metrics }: EvaluationEvent): Value[] {
  return figures(metrics, (part, metric) => `evaluation/${part}.${metric}`);
}

/** `result/loss`, `result/test.accuracy`: figures to compare runs by; and the status in words. */
export function endValues(
  end: RunEnd,
  endSeconds: number,
): { readonly session: Value; readonly result: Value[] } {
  return {
    session: sessionEnd(end, endSeconds),
    result: [
      scalar("result/loss", end.value),
      ...figures(end.metrics, (part, metric) => `result/${part}.${metric}`),
      text("run/result", runResult(end)),
    ],
  };
}

function figures(metrics: Metrics, tag: (part: string, metric: string) => string): Value[] {
  return Object.entries(metrics).flatMap(([part, values]) =>
    Object.entries(values).map(([metric, x]) => scalar(tag(part, metric), x)),
  );
}
