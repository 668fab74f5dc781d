import { ema, grad, randomStream, type Tensor, type Write } from "@downhill/core";
import { hostScalar, leaf } from "@downhill/core/engine";
import type { Agreement } from "./engine-suite.js";
import { randomRun } from "./random-run.js";
import { evaluation, type Run } from "./run-program.js";

const noise = (seed: number, length: number): Float64Array => {
  const stream = randomStream(seed);
  return Float64Array.from({ length }, () => stream.normal());
};

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
  { title: "training steps of a perceptron with softmax cross-entropy by Adam", make: () => perceptron() },
  { title: "training steps of linear regression by momentum, clipped", make: () => regression() },
];

/** Five steps of Adam on a 13-16-3 network, batch 9. */
function perceptron(): Run {
  const shapes = { w1: [13, 16], b1: [16], w2: [16, 3], b2: [3] };
  const loss = (p: Record<string, Tensor>) => {
    const hidden = leaf("input", "x", [9, 13]).matmul(p.w1!).add(p.b1!).relu();
    const logits = hidden.matmul(p.w2!).add(p.b2!);
    const target = leaf("input", "y", [9]).oneHot(3);
    return logits.logSoftmax().mul(target).sum(1).mean().neg();
  };
  const t = hostScalar("t");
  return training(shapes, loss, ["m", "v"], (g, { m, v }) => {
    const next = { m: ema(0.9, m!, g), v: ema(0.999, v!, g.square()) };
    const mHat = next.m.div(t.mul(0).add(0.9).pow(t).neg().add(1));
    const vHat = next.v.div(t.mul(0).add(0.999).pow(t).neg().add(1));
    return { step: mHat.mul(hostScalar("rate")).div(vHat.sqrt().add(1e-3)), ...next };
  });
}

/** Five steps of momentum on clipped gradients of a regression with two outputs. */
function regression(): Run {
  const shapes = { w: [13, 2], b: [2] };
  const loss = (p: Record<string, Tensor>) => {
    const y = leaf("input", "x", [9, 13]).matmul(p.w!).add(p.b!);
    return y
      .sub(leaf("input", "y", [9]).reshape([9, 1]))
      .square()
      .mean();
  };
  return training(shapes, loss, ["b"], (g, { b }, norm) => {
    const next = b!.mul(0.9).add(g.mul(norm.add(1e-6).pow(-1).minimum(1)));
    return { step: next.mul(hostScalar("rate")), b: next };
  });
}

function training(
  shapes: Readonly<Record<string, readonly number[]>>,
  loss: (p: Record<string, Tensor>) => Tensor,
  states: readonly string[],
  update: (
    g: Tensor,
    state: Record<string, Tensor>,
    norm: Tensor,
  ) => Record<string, Tensor> & { step: Tensor },
): Run {
  const p = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, leaf("parameter", name, shape)]),
  );
  const gradient = grad(loss)(p);
  const norm = Object.values(gradient)
    .map((g) => g.square().sum())
    .reduce((sum, part) => sum.add(part))
    .sqrt();
  const writes: Write[] = [{ arena: "output", name: "loss", value: loss(p) }];
  for (const [name, shape] of Object.entries(shapes)) {
    const state = Object.fromEntries(states.map((slot) => [slot, leaf(`state.${slot}`, name, shape)]));
    const { step, ...next } = update(gradient[name]!, state, norm);
    writes.push({ arena: "parameter", name, value: p[name]!.sub(step) });
    for (const [slot, value] of Object.entries(next)) writes.push({ arena: `state.${slot}`, name, value });
  }
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  return {
    layout: {
      input: { x: [9, 13], y: [9] },
      parameter: shapes,
      gradient: shapes,
      ...Object.fromEntries(states.map((slot) => [`state.${slot}`, shapes])),
      output: { loss: [] },
    },
    writes,
    placements: Object.entries(gradient).map(([name, value]) => ({ arena: "gradient", name, value })),
    hostScalars: { t: 3, rate: 0.05 },
    given: {
      input: { x: noise(7, 9 * 13), y: Float64Array.from({ length: 9 }, (_, i) => i % 3) },
      parameter: Object.fromEntries(
        Object.entries(shapes).map(([name, shape], i) => [
          name,
          noise(8 + i, size(shape)).map((x) => x * 0.3),
        ]),
      ),
    },
    times: 5,
  };
}
