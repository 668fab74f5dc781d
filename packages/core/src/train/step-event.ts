import { mapValues } from "../record/map-values.js";
import { type EpochEvent, type Metrics, type Num, type StepEvent, toNum } from "./events.js";
import type { EpochInfo, Figures } from "./result.js";
import type { Training } from "./training.js";

/** The step made last, and what was measured of it. */
export function stepEvent(
  { learner, progress, timeMs }: Training,
  probes: StepEvent["probes"] | undefined,
  nowMs: number,
): StepEvent {
  const event: StepEvent = {
    type: "step",
    step: progress.step,
    // Once its epoch is closed, no batch of the next one has been learned from.
    epoch: progress.batch > 0 ? progress.epoch + 1 : progress.epoch,
    value: toNum(learner.value),
    hyper: toNums(learner.hyper()),
    evaluations: learner.evaluations,
    timeMs: timeMs(nowMs),
  };
  return probes ? { ...event, probes } : event;
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

/** The record itself, where all its numbers are finite. */
function toNums(figures: Readonly<Record<string, number>>): Readonly<Record<string, Num>> {
  for (const name in figures) if (!Number.isFinite(figures[name]!)) return mapValues(figures, toNum);
  return figures;
}
