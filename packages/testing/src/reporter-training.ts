import { defineOptimizer, rate, tensor } from "@downhill/core";
import { type Model, type Reporter, type Supervised, type TrainResult, train } from "@downhill/core/train";

const descent = defineOptimizer({
  name: "descent",
  paper: "Cauchy 1847",
  hyper: { learningRate: rate(0.01) },
  update: ({ gradient: g }, { learningRate }) => ({ step: learningRate.mul(g) }),
});

/** y = w·x, on eight rows in two batches. */
const line = {
  name: "line",
  config: {},
  init: () => ({ w: tensor(Float64Array.of(0), [1]) }),
  predict: ({ w }, { x }) => x.matmul(w!),
  loss: ({ w }, { x, y, weight }) => x.matmul(w!).sub(y).square().dot(weight).div(weight.sum()),
} satisfies Model<Supervised>;

const rows = Float64Array.from({ length: 8 }, (_, i) => i / 8);

/** A real training of a thousand tiny steps, which somebody watches. */
export function trainWatched(reporters: readonly Reporter[]): PromiseLike<TrainResult> {
  return train(line, {
    data: {
      rows: 8,
      info: { name: "line", features: ["x"], target: "y" },
      columns: { x: [1], y: [] },
      fingerprint: "line",
      *batches({ size }) {
        for (let start = 0; start < 8; start += size) {
          const x = rows.slice(start, start + size);
          yield { x: tensor(x, [x.length, 1]), y: tensor(x.map((value) => 2 * value)) };
        }
      },
    },
    optimizer: descent(),
    dtype: "float64",
    batchSize: 4,
    epochs: 500,
    reporters,
  });
}
