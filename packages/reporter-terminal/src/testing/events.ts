import type { EpochEvent, Event, FigureEvent, RunEnd, RunStart, StepEvent } from "@downhill/core/train";

/** Four epochs of ten steps. */
export const runStart: RunStart = {
  type: "run-start",
  run: "digits-1",
  time: "2024-05-01T12:00:00.000Z",
  seed: 7,
  versions: {},
  engine: { name: "js", dtype: "float32", notes: [] },
  optimizer: { name: "adamw", hyper: {}, options: {} },
  model: { name: "mlp", config: null, parameters: {} },
  data: { name: "digits", rows: 320, features: [], target: "digit" },
  plan: { batchSize: 32, stepsPerEpoch: 10, epochs: 4 },
  from: 0,
};

/** A step that took 20 ms, with a loss of 1 / step. */
export function step(number: number, more: Partial<StepEvent> = {}): StepEvent {
  return {
    type: "step",
    step: number,
    epoch: Math.ceil(number / 10),
    value: 1 / number,
    hyper: {},
    timeMs: 20 * number,
    ...more,
  };
}

export function epoch(number: number, more: Partial<EpochEvent> = {}): EpochEvent {
  return {
    type: "epoch",
    epoch: number,
    step: 10 * number,
    metrics: { train: { loss: 1 / number }, validation: { loss: 2 / number, accuracy: 0.9 } },
    timeMs: 200 * number,
    ...more,
  };
}

export const runEnd: RunEnd = {
  type: "run-end",
  status: { kind: "limit", achieved: 0.25, why: "4 epochs were made, as many as asked for" },
  value: 0.25,
  metrics: { train: { loss: 0.25, accuracy: 0.96 }, test: { loss: 0.5, accuracy: 0.92 } },
  steps: 40,
  epochs: 4,
  timeMs: 800,
};

export const landscape: FigureEvent = {
  type: "figure",
  step: 40,
  kind: "landscape",
  title: "bowl",
  data: {
    x: { dtype: "float64", shape: [3], data: Float64Array.of(-1, 0, 1) },
    y: { dtype: "float64", shape: [2], data: Float64Array.of(0, 1) },
    z: { dtype: "float64", shape: [2, 3], data: Float64Array.of(1, 0, 1, 2, 1, 2) },
    path: { dtype: "float32", shape: [2, 2], data: Float32Array.of(-1, 1, 0, 0) },
  },
  labels: { x: "weight", y: "bias", path: "adamw" },
};

/** The whole run, in order. */
export function wholeRun(): Event[] {
  const events: Event[] = [runStart];
  for (let number = 1; number <= 40; number++) {
    events.push(step(number));
    if (number % 10 === 0) events.push(epoch(number / 10));
  }
  return [...events, runEnd];
}
