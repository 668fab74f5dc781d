import { leaf } from "@downhill/core/engine";
import type { Agreement } from "./engine-suite.js";
import { noise } from "./noise.js";
import { randomRun } from "./random-run.js";
import { evaluation } from "./run-program.js";
import { perceptronRun, regressionRun } from "./training-runs.js";

const sizes: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 7, 1],
  [3, 1, 5],
  [5, 16, 1],
  [1, 16, 5],
  [4, 8, 4],
  [7, 13, 9],
  [17, 33, 31],
  [32, 20, 65],
];

/** Products of all shapes and transpositions, reductions of all lengths, random programs, whole training steps. */
export const enginePrograms: readonly Agreement[] = [
  ...sizes.flatMap(([m, k, n]) =>
    [false, true].flatMap((ta) =>
      [false, true].map((tb) => ({
        title: `product ${m}×${k}×${n}${ta ? ", left transposed" : ""}${tb ? ", right transposed" : ""}`,
        make: () => {
          const shapes = { a: ta ? [k, m] : [m, k], b: tb ? [n, k] : [k, n] };
          const [a, b] = [leaf("input", "a", shapes.a), leaf("input", "b", shapes.b)];
          const y = (ta ? a.transpose() : a).matmul(tb ? b.transpose() : b);
          return evaluation({ a: noise(1, m * k), b: noise(2, k * n) }, shapes, y);
        },
      })),
    ),
  ),
  ...[1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 100, 1000, 4097].map((n) => ({
    title: `elementwise and reductions of ${n} elements`,
    make: () => {
      const x = leaf("input", "x", [n]);
      const y = x.exp().sum().log().add(x.max()).sub(x.min()).mul(x.tanh().add(x.abs().mean()));
      return evaluation({ x: noise(3, n) }, { x: [n] }, y);
    },
  })),
  {
    title: "broadcasting, slices, paddings and reductions of every axis",
    make: () => {
      const x = leaf("input", "x", [3, 4, 5]);
      const row = leaf("input", "row", [5]);
      const column = leaf("input", "column", [4, 1]);
      const y = x
        .add(row)
        .mul(column)
        .sub(x.mean([0, 2], { keepDims: true }));
      const z = y.slice([0, 1, 2], [3, 2, 3]).pad([0, 1, 0], [0, 1, 2]).add(y.max(0)).sum(1);
      const shapes = { x: [3, 4, 5], row: [5], column: [4, 1] };
      return evaluation({ x: noise(4, 60), row: noise(5, 5), column: noise(6, 4) }, shapes, z);
    },
  },
  ...Array.from({ length: 60 }, (_, seed) => ({
    title: `random program ${seed}, updating in place`,
    make: () => randomRun(seed),
  })),
  { title: "training steps of a perceptron with softmax cross-entropy by Adam", make: () => perceptronRun() },
  { title: "training steps of linear regression by momentum, clipped", make: () => regressionRun() },
];
