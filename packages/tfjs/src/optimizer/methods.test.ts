import { bind, tensor as downhillTensor, type Method } from "@downhill/core";
import { adam, backtracking, conjugateGradient, lbfgs, newtonCg, sam } from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backends } from "../backends.fixture.js";
import { tfOptimizer } from "./tf-optimizer.js";

const A = [3, 1, 0.5, 1, 2, 0.25, 0.5, 0.25, 1];
const target = [1, -2, 0.5];

describe.each(backends)("methods on %s", (backend) => {
  beforeEach(() => tf.setBackend(backend));
  afterEach(() => tf.disposeVariables());

  /** (w - target)ᵀ A (w - target) + b². */
  const setUp = () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([2, 2, 2]), true, "w"));
    const b = tf.tidy(() => tf.variable(tf.scalar(3), true, "b"));
    const f = () => {
      const d = tf.reshape(tf.sub(w, target), [3, 1]);
      return tf.add(tf.sum(tf.mul(d, tf.matMul(tf.tensor2d(A, [3, 3]), d))), tf.square(b)) as tf.Scalar;
    };
    return { w, b, f };
  };
  const evaluate = ({ w, b }: { readonly w: { data: Float32Array }; readonly b: { data: Float32Array } }) => {
    const d = [...w.data].map((x, i) => x - target[i]!);
    const g = d.map((_, i) => 2 * d.reduce((sum, x, j) => sum + A[3 * i + j]! * x, 0));
    const value = d.reduce((sum, x, i) => sum + (x * g[i]!) / 2, 0) + b.data[0]! ** 2;
    return {
      value: Math.fround(value),
      gradient: {
        w: downhillTensor(Float32Array.from(g)),
        b: downhillTensor(Float32Array.of(2 * b.data[0]!), []),
      },
    };
  };

  it.each([
    ["lbfgs", () => lbfgs()],
    ["backtracking", () => backtracking()],
    ["conjugate-gradient", () => conjugateGradient()],
    ["sam", () => sam({ learningRate: 0.05 })],
  ] as readonly (readonly [string, () => Method<any>])[])("%s makes the steps of bind", (_, make) => {
    const { w, b, f } = setUp();
    const stepper = bind(
      make(),
      { w: downhillTensor(Float32Array.of(2, 2, 2)), b: downhillTensor(Float32Array.of(3), []) },
      { evaluate: evaluate as never },
    );
    const optimizer = tfOptimizer(make());
    const { numTensors } = tf.memory();
    for (let t = 0; t < 6; t++) {
      const cost = optimizer.minimize(f, true, [w, b])!;
      stepper.step();
      [...w.dataSync(), ...b.dataSync()].forEach((x, i) => {
        expect(x).toBeCloseTo([...stepper.parameters.w.data, ...stepper.parameters.b.data][i]!, 4);
      });
      cost.dispose();
      expect(tf.memory().numTensors).toBe(numTensors);
    }
    expect(optimizer.iterations).toBe(6);
    optimizer.dispose();
  });

  it("trains a Layers model", async () => {
    const model = tfl.sequential({
      layers: [tfl.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "zeros" })],
    });
    model.compile({ optimizer: tfOptimizer(lbfgs()), loss: "meanSquaredError" });
    const x = tf.tensor2d([1, 0, 0, 1, 1, 1, 2, 1], [4, 2]);
    const y = tf.tensor2d([3, -1, 2, 5], [4, 1]);
    const { history } = await model.fit(x, y, { epochs: 10, batchSize: 4, shuffle: false });
    expect(history.loss!.at(-1)).toBeLessThan(1e-5);
  });
});

describe("methods", () => {
  beforeEach(() => tf.setBackend("cpu"));
  afterEach(() => {
    vi.restoreAllMocks();
    tf.disposeVariables();
  });
  const parabola = () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([2]), true, "w"));
    return { w, f: () => tf.sum(tf.square(w)) as tf.Scalar };
  };

  it("begin anew where the variables were moved to", () => {
    const { w, f } = parabola();
    const optimizer = tfOptimizer(backtracking({ learningRate: 0.1 }));
    optimizer.minimize(f);
    tf.tidy(() => w.assign(tf.tensor1d([100])));
    const cost = optimizer.minimize(f, true)!;
    expect(cost.dataSync()[0]).toBe(10000);
    expect(w.dataSync()[0]).toBeLessThan(100);
  });

  it("leave the variables as they were when an evaluation fails", () => {
    const { w, f } = parabola();
    const optimizer = tfOptimizer(sam({ learningRate: 0.1 }));
    let calls = 0;
    const { numTensors } = tf.memory();
    expect(() =>
      optimizer.minimize(() => {
        if (++calls === 2) throw new Error("no more");
        return f();
      }),
    ).toThrow("no more");
    expect([...w.dataSync()]).toEqual([2]);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(optimizer.iterations).toBe(0);
  });

  it("refuse, with the reason, where the backend cannot read values back in place", () => {
    const { w, f } = parabola();
    const optimizer = tfOptimizer(lbfgs());
    vi.spyOn(tf.backend() as never as { readSync(): void }, "readSync").mockImplementation(() => {
      throw new Error("OffscreenCanvas is not defined");
    });
    expect(() => optimizer.minimize(f)).toThrow(
      'lbfgs: it needs values in the middle of a step, and the backend "cpu" cannot read them back in place ' +
        "(OffscreenCanvas is not defined).",
    );
    vi.restoreAllMocks();
    expect([...w.dataSync()]).toEqual([2]);
  });

  it("refuse what tfjs cannot answer", () => {
    const { w, f } = parabola();
    expect(() => tfOptimizer(newtonCg()).minimize(f)).toThrow("newton-cg: it needs Hessian-vector products");
    expect([...w.dataSync()]).toEqual([2]);
    expect(() => tfOptimizer(lbfgs()).applyGradients({ w: tf.tensor1d([1]) })).toThrow(
      "lbfgs: it asks for evaluations, which applyGradients cannot give. Call minimize(f) instead.",
    );
  });

  it("say why they cannot go on", () => {
    const { f } = parabola();
    const optimizer = tfOptimizer(lbfgs());
    for (let t = 0; t < 5; t++) optimizer.minimize(f);
    expect(optimizer.stalled).toMatch(/No step/);
    expect(optimizer.fallback).toEqual({});
    expect(tfOptimizer(adam()).stalled).toBeUndefined();
  });

  it("want the same variables in every step", () => {
    const { w, f } = parabola();
    const other = tf.tidy(() => tf.variable(tf.tensor1d([1]), true, "other"));
    const optimizer = tfOptimizer(sam());
    optimizer.minimize(f, false, [w]);
    expect(() => optimizer.minimize(() => tf.sum(tf.mul(w, other)) as tf.Scalar)).toThrow(
      "sam: the loss depends on the variables w [1], other [1] now, and on w [1] in the steps before.",
    );
  });
});
