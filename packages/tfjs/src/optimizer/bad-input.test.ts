import { adam, adamw, gradientDescent } from "@downhill/optimizers";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import "../backends.fixture.js";
import { tfOptimizer } from "./tf-optimizer.js";

describe("bad input", () => {
  beforeEach(() => tf.setBackend("cpu"));
  afterEach(() => tf.disposeVariables());
  const make = (name: string, values: number[]) =>
    tf.tidy(() => tf.variable(tf.tensor1d(values), true, name));
  const ones = (length: number) => tf.ones([length]);

  it("names a variable that was disposed of, and changes nothing", () => {
    const [a, b] = [make("a", [1]), make("b", [1])];
    const optimizer = tfOptimizer(adam());
    optimizer.applyGradients({ a: ones(1), b: ones(1) });
    const before = [...a.dataSync()];
    b.dispose();
    expect(() => optimizer.applyGradients({ a: ones(1), b: ones(1) })).toThrow(
      'adam: there is no variable "b": it was disposed of',
    );
    expect([...a.dataSync()]).toEqual(before);
    expect(() => optimizer.applyGradients({ aa: ones(1) })).toThrow('Did you mean "a"?');
  });

  it("names a variable of another dtype", () => {
    const a = make("a", [1]);
    tf.tidy(() => tf.variable(tf.tensor1d([1], "int32"), true, "counts"));
    expect(() => tfOptimizer(adam()).applyGradients({ a: ones(1), counts: ones(1) })).toThrow(
      'adam: variable "counts" is int32; expected float32',
    );
    expect([...a.dataSync()]).toEqual([1]);
  });

  it("names a variable whose shape has changed", () => {
    const [a, b] = [make("a", [1]), make("b", [1, 2])];
    const optimizer = tfOptimizer(adam());
    optimizer.applyGradients({ a: ones(1), b: ones(2) });
    const before = [...a.dataSync()];
    b.dispose();
    make("b", [1, 2, 3]);
    expect(() => optimizer.applyGradients({ a: ones(1), b: ones(3) })).toThrow(
      'adam: variable "b" has shape [3], and had [2] in the steps before.',
    );
    expect([...a.dataSync()]).toEqual(before);
    expect(optimizer.iterations).toBe(1);
  });

  it("names a variable whose gradient does not fit", () => {
    make("a", [1, 2]);
    expect(() => tfOptimizer(adam()).applyGradients({ a: ones(3) })).toThrow(
      'adam: the gradient of variable "a" is float32 of shape [3]; expected float32 of shape [2].',
    );
    const gone = ones(2);
    gone.dispose();
    expect(() => tfOptimizer(adam()).applyGradients({ a: gone })).toThrow("was disposed of");
  });

  it("says so when its state was disposed of, or it itself", () => {
    make("a", [1]);
    const optimizer = tfOptimizer(adam());
    optimizer.applyGradients({ a: ones(1) });
    tf.disposeVariables();
    make("a", [1]);
    expect(() => optimizer.applyGradients({ a: ones(1) })).toThrow(
      /adam: the state "state.[mv]:a" was disposed of/,
    );
    optimizer.dispose();
    expect(() => optimizer.applyGradients({ a: ones(1) })).toThrow("adam: this optimizer was disposed of.");
  });

  it("asks for a backend that is ready", async () => {
    const a = make("a", [1]);
    const gradient = ones(1);
    let ready = (_: tf.KernelBackend) => {};
    tf.registerBackend("slow", () => new Promise<tf.KernelBackend>((done) => (ready = done)));
    const set = tf.setBackend("slow");
    expect(() => tfOptimizer(adamw()).applyGradients({ a: gradient })).toThrow(
      /adamw: no backend of TensorFlow.js is ready \(.*\). Import one and wait for it before the first step/,
    );
    ready(new MathBackendCPU());
    await set;
    await tf.setBackend("cpu");
    expect([...a.dataSync()]).toEqual([1]);
  });

  it("goes on when another backend is chosen between steps", async () => {
    const a = make("a", [1]);
    const optimizer = tfOptimizer(gradientDescent({ learningRate: 0.5 }));
    for (const backend of ["cpu", "wasm", "other", "cpu"]) {
      await tf.setBackend(backend);
      optimizer.applyGradients({ a: ones(1) });
    }
    expect([...a.dataSync()]).toEqual([-1]);
  });
});
