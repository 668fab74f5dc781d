import { defineMethod } from "../minimize/define-method.js";
import { defineOptimizer } from "../optimizer/define.js";
import { rate } from "../optimizer/hyper.js";
import { ask } from "../optimizer/method.js";
import type { Controller } from "../optimizer/schedule.js";
import { tensor } from "../program/data.js";
import { random } from "../random/index.js";
import type { Dataset, Supervised } from "./dataset.js";
import type { Event } from "./events.js";
import type { Metric, Model } from "./model.js";
import type { Reporter } from "./reporter.js";

/** Plain gradient descent. */
export const gradientDescent = defineOptimizer({
  name: "gradient descent",
  paper: "Cauchy 1847",
  hyper: { learningRate: rate(0.1) },
  update: ({ gradient }, { learningRate }) => ({ step: learningRate.mul(gradient) }),
});

const mae: Metric = (prediction, { y }) =>
  y.data.length === 0
    ? 0
    : Array.from(y.data, (t, i) => Math.abs(prediction.data[i]! - t)).reduce((a, b) => a + b) / y.data.length;

/** y = slope·x + intercept by least squares. */
export const line = {
  name: "line",
  config: { model: "line" },
  init: () => ({ slope: tensor(new Float64Array(1), [1]), intercept: tensor(new Float64Array(1), []) }),
  predict: ({ slope, intercept }, { x }) => x.matmul(slope!).add(intercept!),
  loss({ slope, intercept }, { x, y, weight }) {
    return x.matmul(slope!).add(intercept!).sub(y).square().dot(weight).div(weight.sum());
  },
  metrics: { mae },
} satisfies Model<Supervised>;

export interface PointsOptions {
  readonly noise?: number;
  readonly weight?: (row: number) => number;
  readonly slope?: number;
}

/** Points on the line y = 2x + 1, x in [-1, 1). */
export function points(
  rows: number,
  seed = 1,
  { noise = 0, weight, slope = 2 }: PointsOptions = {},
): Dataset<Supervised> {
  const draws = random(seed);
  const x = Float64Array.from({ length: rows }, () => 2 * draws.uniform() - 1);
  const y = x.map((value) => slope * value + 1 + noise * draws.normal());
  const w = weight && Float64Array.from(x, (_, row) => weight(row));
  const take = (column: Float64Array, order: ArrayLike<number>) =>
    Float64Array.from(order, (row) => column[row]!);
  return {
    rows,
    info: { name: "points", features: ["x"], target: "y" },
    columns: { x: [1], y: [], ...(w && { weight: [] }) },
    fingerprint: JSON.stringify([rows, seed, noise, slope, w?.[0]]),
    *batches({ size, seed, epoch, shuffle, last }) {
      const order = shuffle
        ? random(seed).fork("shuffle", epoch).permutation(rows)
        : Uint32Array.from({ length: rows }, (_, row) => row);
      for (let start = 0; start < rows; start += size) {
        const part = order.subarray(start, start + size);
        if (part.length < size && last === "drop") return;
        yield {
          x: tensor(take(x, part), [part.length, 1]),
          y: tensor(take(y, part)),
          ...(w && { weight: tensor(take(w, part)) }),
        };
      }
    },
  };
}

/** A reporter that hears every step and keeps all events. */
export function listener(more: Partial<Reporter> = {}): {
  readonly events: Event[];
  readonly reporter: Reporter;
} {
  const events: Event[] = [];
  return {
    events,
    reporter: { name: "listener", steps: "always", on: (event) => events.push(event), ...more },
  };
}

/** Gradient descent with Armijo's backtracking line search. */
export const backtracking = defineMethod({
  name: "backtracking",
  paper: "Armijo 1966",
  hyper: { c1: rate(1e-4) },
  start: () => ({ alpha: 1 }),
  *step({ x, at, state }, { c1 }) {
    const slope = at.gradient.dot(at.gradient);
    let { alpha } = state;
    for (let i = 0; i < 60; i++, alpha /= 2) {
      const y = x.clone().axpy(-alpha, at.gradient);
      const value = yield* ask.value(y);
      if (value <= at.value - c1 * alpha * slope) {
        return { x: y, at: yield* ask.gradient(y), state: { alpha: 2 * alpha } };
      }
    }
    return { x, at, state, stalled: "There is no decrease along the negative gradient after 60 halvings." };
  },
});

/** A rate that is halved whenever a metric grows, made anew for each run. */
export function halving(start: number, monitor: string): Controller & { readonly seen: number[] } {
  let course = { rate: start, before: Infinity };
  const seen: number[] = [];
  return Object.assign(() => course.rate, {
    seen,
    monitor,
    toJSON: () => ({ schedule: "halving", start, monitor }),
    observe(value: number) {
      seen.push(value);
      course = { rate: value > course.before ? course.rate / 2 : course.rate, before: value };
    },
    save: () => ({ ...course }),
    load: (state: unknown) => {
      course = state as typeof course;
    },
  });
}
