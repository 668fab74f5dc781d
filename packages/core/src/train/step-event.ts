import type { Work } from "../engine/run.js";
import { mapValues } from "../record/map-values.js";
import { type EpochEvent, type Metrics, type Num, type Probe, type StepEvent, toNum } from "./events.js";
import type { EpochInfo, Figures } from "./result.js";
import type { Training } from "./training.js";

/** The step made last. */
export function* stepEvent(
  { learner, progress, timeMs }: Training,
  probes: readonly Probe[],
): Work<StepEvent> {
  const set = learner.hyper();
  const hyper: Record<string, Num> = {};
  for (const name in set) hyper[name] = toNum(set[name]!);
  const event: StepEvent = {
    type: "step",
    step: progress.step,
    // Once its epoch is closed, no batch of the next one has been learned from.
    epoch: progress.batch > 0 ? progress.epoch + 1 : progress.epoch,
    value: toNum(learner.value),
    hyper,
    evaluations: learner.evaluations,
    timeMs: timeMs(),
  };
  return probes.length === 0 ? event : { ...event, probes: yield* learner.measured(probes) };
}

export function epochEvent({ epoch, step, loss, validation, timeMs }: EpochInfo): EpochEvent {
  const metrics = { train: { loss: toNum(loss) }, ...(validation && { validation: toNums(validation) }) };
  return { type: "epoch", epoch, step, metrics, timeMs };
}

/** Figures by part of the data, as events carry them. */
export function toMetrics(parts: Readonly<Record<string, Figures | undefined>>): Metrics {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, figures]) => (figures ? [[part, toNums(figures)]] : [])),
  );
}

const toNums = (figures: Figures): Record<string, Num> => mapValues(figures, toNum);
