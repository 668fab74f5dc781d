import type { Prepared } from "../participant.js";
import { netShapes, numbers, rates, type Spec, sampled, sizeOf } from "../spec.js";

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly w: Float32Array;
  readonly b: Float32Array;
  readonly gw: Float32Array;
  readonly gb: Float32Array;
  /** What the layer gives, and the loss's derivative by it, [batch, outputs]. */
  readonly y: Float32Array;
  readonly gy: Float32Array;
}

/** Forward, backward and Adam of a net, as plain loops over typed arrays. */
export function net({ sizes, classes, batch }: Spec & { kind: "step" }): Prepared {
  const shapes = netShapes(sizes);
  const parameters = Object.values(shapes).map((shape, i) =>
    Float32Array.from(numbers(10 + i, sizeOf(shape), 0.2)),
  );
  const layers = sizes.slice(1).map((outputs, l): Layer => {
    const inputs = sizes[l]!;
    return {
      inputs,
      outputs,
      w: parameters[2 * l]!,
      b: parameters[2 * l + 1]!,
      gw: new Float32Array(inputs * outputs),
      gb: new Float32Array(outputs),
      y: new Float32Array(batch * outputs),
      gy: new Float32Array(batch * outputs),
    };
  });
  const last = layers.at(-1)!;
  const x = Float32Array.from(numbers(1, batch * sizes[0]!));
  const target = Float32Array.from(
    classes ? Array.from({ length: batch }, (_, i) => i % last.outputs) : numbers(2, batch * last.outputs),
  );
  const moments = layers.flatMap(({ w, b }) =>
    [w, b].map((p) => [new Float32Array(p.length), new Float32Array(p.length)] as const),
  );
  let t = 0;
  let loss = 0;
  return {
    run() {
      layers.forEach((layer, l) => {
        forward(layer, l === 0 ? x : layers[l - 1]!.y, batch, layer !== last);
      });
      loss = classes ? crossEntropy(last, target, batch) : squares(last, target);
      for (let l = layers.length - 1; l >= 0; l--)
        backward(layers[l]!, l === 0 ? undefined : layers[l - 1]!, x, batch);
      t++;
      layers.forEach(({ w, b, gw, gb }, l) => {
        adam(w, gw, ...moments[2 * l]!, t);
        adam(b, gb, ...moments[2 * l + 1]!, t);
      });
    },
    result: () => [loss, ...sampled(layers[0]!.w)],
  };
}

function forward({ inputs, outputs, w, b, y }: Layer, x: Float32Array, batch: number, relu: boolean): void {
  for (let r = 0; r < batch; r++) {
    for (let j = 0; j < outputs; j++) {
      let sum = b[j]!;
      for (let i = 0; i < inputs; i++) sum += x[r * inputs + i]! * w[i * outputs + j]!;
      y[r * outputs + j] = relu && sum < 0 ? 0 : sum;
    }
  }
}

function squares({ y, gy }: Layer, target: Float32Array): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const difference = y[i]! - target[i]!;
    loss += difference * difference;
    gy[i] = (2 * difference) / y.length;
  }
  return loss / y.length;
}

function crossEntropy({ outputs, y, gy }: Layer, target: Float32Array, batch: number): number {
  let loss = 0;
  for (let r = 0; r < batch; r++) {
    let top = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < outputs; j++) top = Math.max(top, y[r * outputs + j]!);
    let total = 0;
    for (let j = 0; j < outputs; j++) total += Math.exp(y[r * outputs + j]! - top);
    loss -= y[r * outputs + target[r]!]! - top - Math.log(total);
    for (let j = 0; j < outputs; j++) {
      const p = Math.exp(y[r * outputs + j]! - top) / total;
      gy[r * outputs + j] = (p - (j === target[r] ? 1 : 0)) / batch;
    }
  }
  return loss / batch;
}

function backward(
  { inputs, outputs, w, gw, gb, gy }: Layer,
  before: Layer | undefined,
  x: Float32Array,
  batch: number,
): void {
  const given = before?.y ?? x;
  gw.fill(0);
  gb.fill(0);
  for (let r = 0; r < batch; r++) {
    for (let j = 0; j < outputs; j++) gb[j]! += gy[r * outputs + j]!;
    for (let i = 0; i < inputs; i++) {
      const value = given[r * inputs + i]!;
      let sum = 0;
      for (let j = 0; j < outputs; j++) {
        const g = gy[r * outputs + j]!;
        gw[i * outputs + j]! += value * g;
        sum += w[i * outputs + j]! * g;
      }
      if (before) before.gy[r * inputs + i] = value > 0 ? sum : 0;
    }
  }
}

function adam(p: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, t: number): void {
  const [c1, c2] = [1 - 0.9 ** t, 1 - 0.999 ** t];
  for (let i = 0; i < p.length; i++) {
    m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
    v[i] = 0.999 * v[i]! + 0.001 * g[i]! * g[i]!;
    p[i]! -= (rates.adam * (m[i]! / c1)) / (Math.sqrt(v[i]! / c2) + 1e-8);
  }
}
