import { concat } from "@downhill/core";
import { leaf } from "@downhill/core/engine";
import type { Agreement } from "./engine-suite.js";
import { noise } from "./noise.js";
import { randomRun } from "./random-run.js";
import { evaluation } from "./run-program.js";
import { normalisationRun, perceptronRun, regressionRun } from "./training-runs.js";

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
  [1, 523, 1],
  [2, 401, 3],
  [4, 700, 4],
  [9, 1031, 5],
  [131, 6, 140],
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
  ...[129, 1000, 4099].flatMap((n) =>
    [
      [n, 3],
      [3, n],
    ].map((shape) => ({
      title: `every reduction of ${shape.join(" × ")} elements along rows, columns and both`,
      make: () => {
        const x = leaf("input", "x", shape);
        const list = [[0], [1], [0, 1]].flatMap((axes) => [
          x.sum(axes),
          x.mean(axes),
          x.max(axes),
          x.min(axes),
          x.div(n).add(1).prod(axes),
          x.norm(axes),
          x.logSumExp(axes),
        ]);
        const y = concat([...list, x.softmax(0), x.logSoftmax(1)].map((each) => each.reshape([-1])));
        return evaluation({ x: noise(10, 3 * n) }, { x: shape }, y);
      },
    })),
  ),
  {
    title: "rows gathered by hundreds of indices, and added to few",
    make: () => {
      const shapes = { x: [211, 5], from: [700], to: [700] };
      const rows = leaf("input", "x", shapes.x).gather(leaf("input", "from", shapes.from));
      const y = concat([rows, rows.scatterAdd(leaf("input", "to", shapes.to), 7)]);
      const [from, to] = [211, 7].map((n) => Float64Array.from({ length: 700 }, (_, i) => (i * 37) % n));
      return evaluation({ x: noise(11, 211 * 5), from: from!, to: to! }, shapes, y);
    },
  },
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
  // Longer than what engines do at a time: vectors, tiles, and sums that go on in float64.
  ...Array.from({ length: 12 }, (_, seed) => ({
    title: `random program ${seed} of hundreds of rows or columns, updating in place`,
    make: () => (seed % 2 === 0 ? randomRun(seed, 700, 6) : randomRun(seed, 6, 700)),
  })),
  { title: "training steps of a perceptron with softmax cross-entropy by Adam", make: () => perceptronRun() },
  { title: "training steps of linear regression by momentum, clipped", make: () => regressionRun() },
  ...[130, 257, 521].flatMap((rows) => [
    {
      title: `training steps of a perceptron with softmax cross-entropy on ${rows} rows`,
      make: () => perceptronRun({ rows }),
    },
    ...[1, 2].map((outputs) => ({
      title: `training steps of linear regression with ${outputs} outputs on ${rows} rows`,
      make: () => regressionRun({ rows, outputs }),
    })),
    {
      title: `training steps of layer normalisation over ${rows} columns`,
      make: () => normalisationRun({ rows: 5, columns: rows }),
    },
    {
      title: `training steps of layer normalisation of ${rows} rows`,
      make: () => normalisationRun({ rows, columns: 6 }),
    },
  ]),
];
