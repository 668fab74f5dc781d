import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { adam, sgd } from "@downhill/optimizers";
import { tfOptimizer } from "@downhill/tfjs";
import "@downhill/tfjs/wasm";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { type Prepared, serve } from "../participant.js";
import { netShapes, numbers, rates, type Spec, sampled, sizeOf } from "../spec.js";

const backend = process.argv[2] ?? "wasm";
/** Whether our optimizers stand in for tfjs's own. */
const isDropIn = process.argv[3] === "drop-in";
const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(`${join(folder, "../dist")}/`);
tf.env().set("PROD", true);
await tf.setBackend(backend);
await tf.ready();

const floats = (seed: number, shape: readonly number[], scale = 1) =>
  tf.tensor(Float32Array.from(numbers(seed, sizeOf(shape), scale)), [...shape]);
const optimizers = isDropIn
  ? {
      adam: () => tfOptimizer(adam({ learningRate: rates.adam })),
      momentum: () => tfOptimizer(sgd({ learningRate: rates.momentum, momentum: 0.9 })),
    }
  : {
      adam: () => tf.train.adam(rates.adam, 0.9, 0.999, 1e-8),
      momentum: () => tf.train.momentum(rates.momentum, 0.9),
    };

function training(
  shapes: Record<string, number[]>,
  loss: (p: Record<string, tf.Variable>) => tf.Scalar,
  optimizer: tf.Optimizer,
): Prepared {
  const p = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, tf.variable(floats(10 + i, shape, 0.2))]),
  );
  let value = Number.NaN;
  return {
    run() {
      const l = optimizer.minimize(() => loss(p), true)!;
      value = l.dataSync()[0]!;
      l.dispose();
    },
    result: () => [value, ...sampled(Object.values(p)[0]!.dataSync())],
    dispose: () => Object.values(p).forEach((w) => void w.dispose()),
  };
}

function netLoss(sizes: readonly number[], classes: boolean, x: tf.Tensor, y: tf.Tensor) {
  return (p: Record<string, tf.Variable>): tf.Scalar => {
    let h: tf.Tensor = x;
    for (let i = 0; i + 1 < sizes.length; i++) {
      h = tf.add(tf.matMul(h as tf.Tensor2D, p[`w${i}`] as tf.Tensor2D), p[`b${i}`]!);
      if (i + 2 < sizes.length) h = tf.relu(h);
    }
    if (!classes) return tf.mean(tf.square(tf.sub(h, y))) as tf.Scalar;
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(h), y), 1))) as tf.Scalar;
  };
}

function prepare(spec: Spec): Prepared | undefined {
  if (spec.kind === "step") {
    const { sizes, classes, batch } = spec;
    const [first, last] = [sizes[0]!, sizes.at(-1)!];
    const y = classes
      ? (tf
          .oneHot(
            tf.tensor1d(
              Array.from({ length: batch }, (_, i) => i % last),
              "int32",
            ),
            last,
          )
          .toFloat() as tf.Tensor)
      : floats(2, [batch, last]);
    return training(
      netShapes(sizes),
      netLoss(sizes, classes, floats(1, [batch, first]), y),
      optimizers.adam(),
    );
  }
  if (spec.kind === "linear") {
    const { rows, columns } = spec;
    const loss = netLoss([columns, 1], false, floats(1, [rows, columns]), floats(2, [rows, 1]));
    return training(netShapes([columns, 1]), loss, tf.train.sgd(rates.descent));
  }
  if (spec.kind === "update" || spec.kind === "apply") {
    if (!(spec.rule in optimizers)) return undefined;
    const optimizer = optimizers[spec.rule as keyof typeof optimizers]();
    const list = Array.from({ length: spec.tensors }, (_, i) => `w${i}`);
    const p = list.map((name, i) => tf.variable(floats(10 + i, [spec.length], 0.2), true, name));
    const g = Object.fromEntries(list.map((name, i) => [name, floats(50 + i, [spec.length])]));
    const run = () => {
      optimizer.applyGradients(g as never);
      if (spec.kind === "update") p[0]!.dataSync();
    };
    return { run, result: () => sampled(p[0]!.dataSync()), dispose: () => tf.disposeVariables() };
  }
  if (spec.kind === "softmax") {
    const { rows, classes } = spec;
    const x = floats(1, [rows, classes]);
    const hot = tf
      .oneHot(
        tf.tensor1d(
          Array.from({ length: rows }, (_, i) => i % classes),
          "int32",
        ),
        classes,
      )
      .toFloat();
    const f = tf.valueAndGrad(
      (l: tf.Tensor) => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(l), hot), 1))) as tf.Scalar,
    );
    let last: { readonly value: number; readonly gradient: ArrayLike<number> };
    const run = () =>
      tf.tidy(() => {
        const { value, grad } = f(x);
        last = { value: value.dataSync()[0]!, gradient: grad.dataSync() };
      });
    return { run, result: () => [last.value, ...sampled(last.gradient)] };
  }
  if (spec.kind === "matmul" && spec.dtype === "float32") {
    const [a, b] = [floats(1, [spec.n, spec.n]), floats(2, [spec.n, spec.n])];
    let last: ArrayLike<number> = [];
    const run = () =>
      tf.tidy(() => {
        last = tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D).dataSync();
      });
    return { run, result: () => sampled(last) };
  }
  return undefined;
}

await serve(prepare);
