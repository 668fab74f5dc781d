import { ema, grad, type Tensor, type Write } from "@downhill/core";
import { hostScalar, leaf } from "@downhill/core/engine";
import { noise } from "./noise.js";
import type { Run } from "./run-program.js";

/** Five steps of Adam on a network with one hidden layer and three classes. */
export function perceptronRun({ rows = 9, inputs = 13, hidden = 16 } = {}): Run {
  const shapes = { w1: [inputs, hidden], b1: [hidden], w2: [hidden, 3], b2: [3] };
  const loss = (p: Record<string, Tensor>) => {
    const h = leaf("input", "x", [rows, inputs]).matmul(p.w1!).add(p.b1!).relu();
    const logits = h.matmul(p.w2!).add(p.b2!);
    const target = leaf("input", "y", [rows]).oneHot(3);
    return logits.logSoftmax().mul(target).sum(1).mean().neg();
  };
  const t = hostScalar("t");
  return training({ rows, inputs }, shapes, loss, ["m", "v"], (g, { m, v }) => {
    const next = { m: ema(0.9, m!, g), v: ema(0.999, v!, g.square()) };
    const mHat = next.m.div(t.mul(0).add(0.9).pow(t).neg().add(1));
    const vHat = next.v.div(t.mul(0).add(0.999).pow(t).neg().add(1));
    return { step: mHat.mul(hostScalar("rate")).div(vHat.sqrt().add(1e-3)), ...next };
  });
}

/** Five steps of momentum on clipped gradients of a regression. */
export function regressionRun({ rows = 9, inputs = 13, outputs = 2 } = {}): Run {
  const shapes = { w: [inputs, outputs], b: [outputs] };
  const loss = (p: Record<string, Tensor>) => {
    const y = leaf("input", "x", [rows, inputs]).matmul(p.w!).add(p.b!);
    return y
      .sub(leaf("input", "y", [rows]).reshape([rows, 1]))
      .square()
      .mean();
  };
  return training({ rows, inputs }, shapes, loss, ["b"], (g, { b }, norm) => {
    const next = b!.mul(0.9).add(g.mul(norm.add(1e-6).pow(-1).minimum(1)));
    return { step: next.mul(hostScalar("rate")), b: next };
  });
}

/** Five steps of descent on rows that are normalised, scaled and shifted (J. L. Ba et al., 2016). */
export function normalisationRun({ rows = 5, columns = 16 } = {}): Run {
  const shapes = { gain: [columns], shift: [columns] };
  const loss = (p: Record<string, Tensor>) => {
    // The parameters move what is normalised too, so that its gradient is there.
    const x = leaf("input", "x", [rows, columns]).mul(p.gain!.add(1));
    const centred = x.sub(x.mean(1, { keepDims: true }));
    const deviation = centred.square().mean(1, { keepDims: true }).add(1e-5).sqrt();
    const y = centred.div(deviation).mul(p.gain!).add(p.shift!);
    return y
      .sub(leaf("input", "y", [rows]).reshape([rows, 1]))
      .square()
      .mean();
  };
  return training({ rows, inputs: columns }, shapes, loss, [], (g) => ({ step: g.mul(hostScalar("rate")) }));
}

function training(
  { rows, inputs }: Readonly<Record<"rows" | "inputs", number>>,
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
      input: { x: [rows, inputs], y: [rows] },
      parameter: shapes,
      gradient: shapes,
      ...Object.fromEntries(states.map((slot) => [`state.${slot}`, shapes])),
      output: { loss: [] },
    },
    writes,
    placements: Object.entries(gradient).map(([name, value]) => ({ arena: "gradient", name, value })),
    hostScalars: { t: 3, rate: 0.05 },
    given: {
      input: { x: noise(7, rows * inputs), y: Float64Array.from({ length: rows }, (_, i) => i % 3) },
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
