import { tensor } from "../program/data.js";
import { defineOptimizer } from "../optimizer/define.js";
import { rate } from "../optimizer/hyper.js";
import { random } from "../random/index.js";
import type { Dataset, Supervised } from "./dataset.js";
import type { Metric, Model } from "./model.js";

/** Plain gradient descent. */
export const gradientDescent = defineOptimizer({
  name: "gradient descent",
  paper: "Cauchy 1847",
  hyper: { learningRate: rate(0.1) },
  update: ({ gradient }, { learningRate }) => ({ step: learningRate.mul(gradient) }),
});

const mae: Metric = (prediction, { y }) =>
  y.data.length === 0 ? 0 : Array.from(y.data, (t, i) => Math.abs(prediction.data[i]! - t)).reduce((a, b) => a + b) / y.data.length;

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
  const take = (column: Float64Array, order: ArrayLike<number>) => Float64Array.from(order, (row) => column[row]!);
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
