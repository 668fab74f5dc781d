import type { Event, FigureEvent, Metrics, Num, RunEnd, RunStart } from "@downhill/core/train";
import type { Series } from "./loss-curve.js";
import { createPoints, type Points } from "./points.js";

/** What is known of a run so far. */
export interface RunLog {
  start?: RunStart;
  end?: RunEnd;
  step: number;
  epoch: number;
  /** The newest loss: of a step's rows, or of an epoch. */
  value?: Num;
  /** The newest figures of each part of the data. */
  metrics: Record<string, Readonly<Record<string, Num>>>;
  /** Training so far. */
  timeMs: number;
  /** Moments of the last few seconds, the oldest first. */
  readonly moments: { readonly step: number; readonly timeMs: number }[];
  checkpoint?: string;
  /** The newest figure of kind "landscape". */
  landscape?: FigureEvent;
  /** Losses against steps: of steps, of epochs (the mean of their batches), and on the validation rows. */
  readonly stepLoss: Points;
  readonly trainLoss: Points;
  readonly validationLoss: Points;
}

export function createRunLog(): RunLog {
  return {
    step: 0,
    epoch: 0,
    metrics: {},
    timeMs: 0,
    moments: [],
    stepLoss: createPoints(),
    trainLoss: createPoints(),
    validationLoss: createPoints(),
  };
}

/** Writes an event into the log. */
export function record(log: RunLog, event: Event): void {
  switch (event.type) {
    case "run-start":
      log.start = event;
      log.step = event.from;
      break;
    case "step":
      reach(log, event);
      log.value = event.value;
      log.stepLoss.push(log.step, Number(event.value));
      break;
    case "epoch":
      reach(log, event);
      measure(log, event.metrics);
      if (event.metrics.train?.loss !== undefined) {
        log.value = event.metrics.train.loss;
        log.trainLoss.push(log.step, Number(log.value));
      }
      break;
    case "evaluation":
      reach(log, event);
      measure(log, event.metrics);
      break;
    case "checkpoint":
      log.checkpoint = event.path;
      break;
    case "figure":
      if (event.kind === "landscape") log.landscape = event;
      break;
    case "run-end":
      log.end = event;
      break;
    case "notice":
      break;
  }
}

const windowMs = 5_000;
const momentMs = 100;

function reach(log: RunLog, { step, epoch, timeMs }: { step: number; epoch: number; timeMs: number }): void {
  log.step = step;
  log.epoch = epoch;
  log.timeMs = timeMs;
  const { moments } = log;
  const last = moments.at(-1);
  if (last !== undefined && timeMs - last.timeMs < momentMs) return;
  moments.push({ step, timeMs });
  while (moments.length > 2 && timeMs - moments[1]!.timeMs > windowMs) moments.shift();
}

function measure(log: RunLog, metrics: Metrics): void {
  for (const [part, figures] of Object.entries(metrics))
    log.metrics[part] = { ...log.metrics[part], ...figures };
  const loss = metrics.validation?.loss;
  // A second figure at the same step is of other parameters, the best ones say, and not on the way.
  if (loss !== undefined && log.validationLoss.x.at(-1) !== log.step) {
    log.validationLoss.push(log.step, Number(loss));
  }
}

/** Steps a second in the last few seconds; undefined until two moments with a step between them are known. */
export function stepsPerSecond({ moments: [first], step, timeMs }: RunLog): number | undefined {
  if (first === undefined || timeMs <= first.timeMs || step <= first.step) return undefined;
  return ((step - first.step) / (timeMs - first.timeMs)) * 1000;
}

/** The step after which the run is over at the latest, where it is known. */
export function plannedSteps({ start }: RunLog): number | undefined {
  if (start === undefined) return undefined;
  const { steps, epochs, stepsPerEpoch } = start.plan;
  const inEpochs = epochs === undefined ? undefined : epochs * stepsPerEpoch;
  if (steps === undefined || inEpochs === undefined) return steps ?? inEpochs;
  return Math.min(steps, inEpochs);
}

/** Time until the planned end at the present rate, where both are known. */
export function timeLeftMs(log: RunLog): number | undefined {
  const [end, rate] = [plannedSteps(log), stepsPerSecond(log)];
  if (end === undefined || rate === undefined || rate <= 0) return undefined;
  return (Math.max(0, end - log.step) / rate) * 1000;
}

/** Whether it goes through data epoch by epoch, and does not minimise a function. */
export function hasEpochs({ start }: RunLog): boolean {
  return start === undefined || start.plan.stepsPerEpoch > 0;
}

const manyEpochs = 10;

/** The run's curves: means of epochs where there are many, for they say more than single batches; else steps. */
export function curvesOf({ start, stepLoss, trainLoss, validationLoss }: RunLog): {
  series: Series[];
  xLabel: string;
} {
  const byEpoch = trainLoss.x.length >= Math.min(manyEpochs, stepLoss.x.length);
  const stepsPerEpoch = start?.plan.stepsPerEpoch || 1;
  const unit = byEpoch ? stepsPerEpoch : 1;
  const curve = (name: string, { x, y }: Points) => ({ name, x: x.map((step) => step / unit), y });
  const train = curve("train", byEpoch ? trainLoss : stepLoss);
  return {
    series: [train, curve("validation", validationLoss)].filter(({ y }) => y.length > 0),
    xLabel: unit > 1 ? "epoch" : "step",
  };
}
