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
import type { Points } from "./format/scalar-records.js";
import { runCard, runResult } from "./run-card.js";
import { safeText } from "./safe-text.js";
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

/** `loss/step`, `hyper/…`, `probes/…`; for as long as the next step has not been asked for. */
export function createStepPoints(): (event: StepEvent) => Points {
  let hyper: StepEvent["hyper"] | undefined;
  let points: Points = { tags: [], numbers: [] };
  return (event) => {
    if (event.probes !== undefined) return stepPoints(event);
    // Most often, all but the loss is what it was.
    if (event.hyper === hyper) points.numbers[0] = fromNum(event.value);
    else {
      points = stepPoints(event);
      hyper = event.hyper;
    }
    return points;
  };
}

function stepPoints({ value, hyper, probes }: StepEvent): Points {
  const tags = ["loss/step"];
  const numbers = [fromNum(value)];
  for (const name in hyper) {
    tags.push(tagOf("hyper", name));
    numbers.push(fromNum(hyper[name]!));
  }
  for (const name of curveProbes) {
    const measured = probes?.[name];
    if (measured === undefined) continue;
    tags.push(tagOf("probes", name));
    numbers.push(fromNum(measured as Num));
  }
  return { tags, numbers };
}

const noValues: readonly Value[] = [];
const curveProbes = ["gradientNorm", "stepNorm", "cosine"] as const;

/** The histograms `parameters/…` and `gradients/…`. */
export function stepHistograms({ probes }: StepEvent): readonly Value[] {
  if (probes === undefined) return noValues;
  const { parameterHistograms, gradientHistograms } = probes;
  return [...histograms("parameters", parameterHistograms), ...histograms("gradients", gradientHistograms)];
}

const knownTags = new Map<string, Map<string, string>>();

/** `hyper/learningRate`: made once, for a text that is put together anew is looked up slowly. */
function tagOf(group: string, name: string): string {
  let known = knownTags.get(group);
  if (known === undefined) knownTags.set(group, (known = new Map()));
  let tag = known.get(name);
  if (tag === undefined) known.set(name, (tag = safeText(`${group}/${name}`)));
  return tag;
}

function histograms(group: string, measured: unknown): Value[] {
  const byName = (measured ?? {}) as Readonly<Record<string, Packed>>;
  return Object.entries(byName).map(([name, packed]) => histogram(`${group}/${name}`, packed));
}

/** `loss/train`, `loss/validation`, `accuracy/validation`: a metric's parts stand side by side. */
export function epochPoints({ metrics }: EpochEvent): Points {
  return figures(metrics, (part, metric) => tagOf(metric, part));
}

/**
 * `evaluation/train.loss` and the like: apart from the epochs' figures, for those of the training rows are means over
 * an epoch's batches, and the last evaluation is of the parameters that are returned.
 */
export function evaluationPoints({ metrics }: EvaluationEvent): Points {
  return figures(metrics, (part, metric) => `evaluation/${part}.${metric}`);
}

/** As values that readers see for the first time. */
export function pointValues({ tags, numbers }: Points): Value[] {
  return tags.map((tag, i) => scalar(tag, numbers[i]!));
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
      ...pointValues(figures(end.metrics, (part, metric) => `result/${part}.${metric}`)),
      text("run/result", runResult(end)),
    ],
  };
}

function figures(metrics: Metrics, tagOf: (part: string, metric: string) => string): Points {
  const tags: string[] = [];
  const numbers: number[] = [];
  for (const part in metrics) {
    const values = metrics[part]!;
    for (const metric in values) {
      tags.push(tagOf(part, metric));
      numbers.push(fromNum(values[metric]!));
    }
  }
  return { tags, numbers };
}
