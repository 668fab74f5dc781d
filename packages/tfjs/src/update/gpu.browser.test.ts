import { adam, gradientDescent } from "@downhill/optimizers";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { beforeEach, describe, expect, it } from "vitest";
import { tfOptimizer } from "../optimizer/tf-optimizer.js";
import "../webgl.js";
import "../webgpu.js";

const numbers = async (x: tf.Tensor) => Array.from(await x.data());

describe.each(["webgl", "webgpu"])("updates on %s", (backend) => {
  beforeEach(async () => void (await tf.setBackend(backend)));

  it("leave data that others share as it is", async () => {
    const x = tf.tensor1d([1, 2, 3, 4]);
    const w = tf.variable(x);
    const kept = tf.clone(w);
    const optimizer = tfOptimizer(gradientDescent({ learningRate: 1 }));
    for (let i = 0; i < 2; i++) optimizer.applyGradients([{ name: w.name, tensor: tf.ones([4]) }]);
    expect(await numbers(w)).toEqual([-1, 0, 1, 2]);
    expect(await numbers(x)).toEqual([1, 2, 3, 4]);
    expect(await numbers(kept)).toEqual([1, 2, 3, 4]);
    tf.dispose([x, w, kept]);
  });

  it("take the variable itself for a gradient", async () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    tfOptimizer(gradientDescent({ learningRate: 0.5 })).applyGradients([{ name: w.name, tensor: w }]);
    expect(await numbers(w)).toEqual([0.5, 1, 1.5]);
    w.dispose();
  });

  it("are seen by whoever reads before and after", async () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3, 4]));
    const g = tf.ones([4]);
    const optimizer = tfOptimizer(gradientDescent({ learningRate: 1 }));
    for (let i = 0; i < 3; i++) {
      expect(await numbers(w)).toEqual([1 - i, 2 - i, 3 - i, 4 - i]);
      optimizer.applyGradients([{ name: w.name, tensor: g }]);
    }
    tf.dispose([w, g]);
  });

  it("work on shapes of every rank, of odd and even lengths, with the same numbers", async () => {
    const shapes = [[], [1], [5], [4, 4], [3, 5], [2, 3, 5], [2, 1, 3, 3], [1, 2, 3, 2, 3]];
    const variables = shapes.map((shape) => tf.variable(tf.fill(shape, 0.5)));
    const optimizer = tfOptimizer(adam({ learningRate: 0.1 }));
    for (let t = 0; t < 3; t++) {
      optimizer.applyGradients(
        variables.map(({ name, shape }) => ({ name, tensor: tf.fill(shape, Math.sin(t + 1)) })),
      );
    }
    const [expected] = await numbers(variables[0]!);
    expect(Math.abs(expected! - 0.5)).toBeGreaterThan(0.1);
    for (const variable of variables) {
      for (const x of await numbers(variable)) expect(x).toBe(expected);
    }
    optimizer.dispose();
    tf.dispose(variables);
  });
});

it("reaches all elements where they are more than one row of groups, on webgpu", async () => {
  await tf.setBackend("webgpu");
  // Odd, so that no four are one vector: 65 537 groups of 256.
  const size = 2 ** 24 + 1;
  const w = tf.tidy(() => tf.variable(tf.zeros([size])));
  const g = tf.ones([size]);
  tfOptimizer(gradientDescent({ learningRate: 1 })).applyGradients([{ name: w.name, tensor: g }]);
  const some = tf.tidy(() => tf.stack([tf.min(w), tf.max(w), tf.reshape(tf.slice(w, size - 1, 1), [])]));
  expect(await numbers(some)).toEqual([-1, -1, -1]);
  tf.dispose([w, g, some]);
}, 30_000);
