import { adam } from "@downhill/optimizers";
import { tfOptimizer } from "@downhill/tfjs";
import "@downhill/tfjs/webgpu";
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type GpuCounts, type Prepared, serve } from "../participant.js";
import { netShapes, numbers, rates, type Spec, sampled, sizeOf } from "../spec.js";
import { provideWebGpu } from "./webgpu-device.js";

/** Whether our optimizer stands in for tfjs's own. */
const isDropIn = process.argv[2] === "drop-in";
const available = await provideWebGpu();
if (available) {
  // Looks for WebGPU when it is loaded.
  await import("@tensorflow/tfjs-backend-webgpu");
  tf.env().set("PROD", true);
  await tf.setBackend("webgpu");
}

const floats = (seed: number, shape: readonly number[], scale = 1) =>
  tf.tensor(Float32Array.from(numbers(seed, sizeOf(shape), scale)), [...shape]);
const makeOptimizer = () =>
  isDropIn ? tfOptimizer(adam({ learningRate: rates.adam })) : tf.train.adam(rates.adam, 0.9, 0.999, 1e-8);
const backend = () => tf.backend() as WebGPUBackend;

/** A step whose end the device is waited for only after many. */
function prepared(step: () => void, p: readonly tf.Variable[], optimizer: tf.Optimizer): Prepared {
  const settle = async () => {
    // tfjs keeps what it records until there is enough of it.
    backend().ensureCommandEncoderReady();
    backend().endComputePassEncoder();
    backend().submitQueue();
    await backend().device.queue.onSubmittedWorkDone();
  };
  return {
    run: step,
    settle,
    count: async () => {
      await settle();
      return countCalls(step);
    },
    result: async () => sampled(await p[0]!.data()),
    dispose() {
      optimizer.dispose();
      tf.disposeVariables();
    },
  };
}

/** What a step asks of the device. */
function countCalls(step: () => void): GpuCounts {
  const counts = { dispatches: 0, submits: 0, reads: 0 };
  const undo: (() => void)[] = [];
  const watch = (owner: object, method: string, kind: keyof typeof counts) => {
    const methods = owner as Record<string, (...parameters: unknown[]) => unknown>;
    const original = methods[method]!;
    methods[method] = function (...parameters) {
      counts[kind]++;
      return original.apply(this, parameters);
    };
    undo.push(() => {
      methods[method] = original;
    });
  };
  watch(GPUComputePassEncoder.prototype, "dispatchWorkgroups", "dispatches");
  watch(GPUQueue.prototype, "submit", "submits");
  watch(GPUBuffer.prototype, "mapAsync", "reads");
  step();
  for (const restore of undo) restore();
  const { vendor, architecture, device: name, description } = backend().device.adapterInfo;
  return { ...counts, device: [vendor, architecture, name, description].filter(Boolean).join(" ") };
}

function prepare(spec: Spec): Prepared | undefined {
  if (!available) return undefined;
  const optimizer = makeOptimizer();
  if (spec.kind === "apply" && spec.rule === "adam") {
    const list = Array.from({ length: spec.tensors }, (_, i) => `w${i}`);
    const p = list.map((name, i) => tf.variable(floats(10 + i, [spec.length], 0.2), true, name));
    const g = list.map((name, i) => ({ name, tensor: floats(50 + i, [spec.length]) }));
    return prepared(() => optimizer.applyGradients(g), p, optimizer);
  }
  if (spec.kind === "step" && spec.classes) {
    const { sizes, batch } = spec;
    const [first, last] = [sizes[0]!, sizes.at(-1)!];
    const labels = tf.tensor1d(
      Array.from({ length: batch }, (_, i) => i % last),
      "int32",
    );
    const [x, y] = [floats(1, [batch, first]), tf.cast(tf.oneHot(labels, last), "float32")];
    const p = Object.values(netShapes(sizes)).map((shape, i) =>
      tf.variable(floats(10 + i, shape, 0.2), true, `p${i}`),
    );
    const loss = () => {
      let h: tf.Tensor = x;
      for (let i = 0; i + 1 < sizes.length; i++) {
        h = tf.add(tf.matMul(h as tf.Tensor2D, p[2 * i] as tf.Tensor2D), p[2 * i + 1]!);
        if (i + 2 < sizes.length) h = tf.relu(h);
      }
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(h), y), 1))) as tf.Scalar;
    };
    return prepared(() => void optimizer.minimize(loss, false, p), p, optimizer);
  }
  return undefined;
}

await serve(prepare);
