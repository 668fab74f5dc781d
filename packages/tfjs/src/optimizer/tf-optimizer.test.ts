import { bind, chain, tensor as downhillTensor, type Rule, type Schedule } from "@downhill/core";
import {
  accumulate,
  adam,
  adamw,
  clipByGlobalNorm,
  cosine,
  ema,
  gradientDescent,
  lookahead,
  nadam,
  partition,
  polyak,
  scheduleFreeSgd,
  sgd,
  warmup,
} from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backends } from "../backends.fixture.js";
import { type TfOptimizer, tfOptimizer } from "./tf-optimizer.js";

describe.each(backends)("tfOptimizer on %s", (backend) => {
  let tensors: number;
  let made: { dispose(): void }[] = [];
  beforeEach(async () => {
    await tf.setBackend(backend);
    tensors = tf.memory().numTensors;
  });
  // An optimizer that has been disposed of leaves nothing.
  afterEach(() => {
    for (const it of made) it.dispose();
    made = [];
    const left = tf.memory().numTensors;
    tf.disposeVariables();
    expect(left).toBe(tensors);
  });
  const own = <T extends { dispose(): void }>(it: T): T => {
    made.push(it);
    return it;
  };

  const numbers = (x: tf.Tensor) => [...x.dataSync()];
  const make = (name: string, values: number[]) =>
    own(tf.tidy(() => tf.variable(tf.tensor1d(values), true, name)));
  const optimize = <H>(rule: Rule<H>) => own(tfOptimizer(rule));
  /** Applies gradients by variable name. */
  const apply = (optimizer: TfOptimizer<any>, gradients: Record<string, number[]>) =>
    tf.tidy(() =>
      optimizer.applyGradients(
        Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, tf.tensor1d(g)])),
      ),
    );

  it("is a tf.Optimizer that minimizes", () => {
    const w = make("w", [3, -2]);
    const optimizer = optimize(adam({ learningRate: 0.1 }));
    expect(optimizer).toBeInstanceOf(tf.Optimizer);
    const f = () => tf.sum(tf.square(w)) as tf.Scalar;
    const first = own(optimizer.minimize(f, true)!);
    expect(numbers(first)).toEqual([13]);
    for (let i = 0; i < 200; i++) expect(optimizer.minimize(f)).toBeNull();
    expect(Math.max(...numbers(w).map(Math.abs))).toBeLessThan(0.01);
    expect(optimizer.iterations).toBe(201);
  });

  it("keeps the number of tensors over 1000 steps", () => {
    const w = make("w", [3, -2]);
    const optimizer = optimize(chain(clipByGlobalNorm(1), lookahead(adamw({ learningRate: 0.01 }))));
    const f = () => tf.sum(tf.square(w)) as tf.Scalar;
    optimizer.minimize(f);
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 1000; i++) optimizer.minimize(f);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });

  it("reads nothing back from the backend in a step", () => {
    const w = make("w", [3, -2]);
    const optimizer = optimize(chain(clipByGlobalNorm(1), adamw()));
    const read = vi.spyOn(tf.backend() as tf.KernelBackend, "read");
    const readSync = vi.spyOn(tf.backend() as tf.KernelBackend, "readSync");
    for (let i = 0; i < 5; i++) optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    expect(read).not.toHaveBeenCalled();
    expect(readSync).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("says which path each variable takes and why", () => {
    for (const name of ["w", "b"]) make(name, [1]);
    const optimizer = optimize(adam());
    expect(optimizer.fallback).toEqual({});
    apply(optimizer, { w: [1], b: [1] });
    const { path, why } = optimizer.fallback.w!;
    expect(path).toBe({ cpu: "cpu", wasm: "wasm", other: "plain" }[backend]);
    expect(why).not.toBe("");
    expect(Object.keys(optimizer.fallback)).toEqual(["w", "b"]);
  });

  it("keeps state by name: the order of gradients does not matter", () => {
    const optimizer = optimize(sgd({ learningRate: 1, momentum: 0.9 }));
    const [a, b] = [make("a", [0]), make("b", [0])];
    apply(optimizer, { a: [1], b: [0] });
    apply(optimizer, { b: [0], a: [0] });
    expect(numbers(b)).toEqual([0]);
    expect(numbers(a)[0]).toBeCloseTo(-1.9, 6);
  });

  it("leaves a variable without a gradient as it is, with its own count of steps", () => {
    const [, b, alone] = ["a", "b", "alone"].map((name) => make(name, [1])) as [
      tf.Variable,
      tf.Variable,
      tf.Variable,
    ];
    const optimizer = optimize(nadam({ learningRate: 0.1 }));
    const other = optimize(nadam({ learningRate: 0.1 }));
    for (let t = 0; t < 9; t++) {
      // b takes part in every third step; in a list, tfjs names it without a tensor.
      const g = tf.tensor1d([1 + t]);
      const list = [
        { name: "a", tensor: g },
        { name: "b", tensor: t % 3 === 2 ? g : undefined },
      ] as never;
      optimizer.applyGradients(list);
      if (t % 3 === 2) other.applyGradients({ alone: g });
      g.dispose();
    }
    expect(numbers(b)).toEqual(numbers(alone));
    expect(optimizer.iterations).toBe(9);
  });

  it("starts the state of a variable that comes later, and keeps the others'", () => {
    const run = (late: boolean) => {
      const [a, b] = [make(`${late}/a`, [1]), make(`${late}/b`, [1])];
      const optimizer = optimize(nadam({ learningRate: 0.1 }));
      for (let t = 0; t < 6; t++) {
        apply(optimizer, { [a.name]: [t], ...((t >= 3 || !late) && { [b.name]: [t] }) });
      }
      const reached = { a: numbers(a), b: numbers(b) };
      return reached;
    };
    const [late, always] = [run(true), run(false)];
    expect(late.a).toEqual(always.a);
    expect(late.b).not.toEqual(always.b);
  });

  it("changes no tensor that shares data with a variable", () => {
    const x = own(tf.tensor1d([1, 2]));
    const w = own(tf.variable(x, true, "w"));
    const optimizer = optimize(adam({ learningRate: 0.5 }));
    apply(optimizer, { w: [1, 1] });
    expect(numbers(x)).toEqual([1, 2]);
    const copy = own(tf.clone(w));
    const before = numbers(copy);
    apply(optimizer, { w: [1, 1] });
    expect(numbers(copy)).toEqual(before);
    expect(numbers(w)).not.toEqual(before);
  });

  it("goes on from values assigned between steps", () => {
    const w = make("w", [1, 2]);
    const optimizer = optimize(gradientDescent({ learningRate: 1 }));
    apply(optimizer, { w: [1, 1] });
    tf.tidy(() => w.assign(tf.tensor1d([10, 20])));
    apply(optimizer, { w: [1, 1] });
    expect(numbers(w)).toEqual([9, 19]);
  });

  it("has hyper-parameters that can be read and set while training, schedules too", () => {
    const w = make("w", [0]);
    const optimizer = optimize(gradientDescent({ learningRate: cosine(1, { steps: 2 }) }));
    expect(optimizer.hyper).toEqual({ learningRate: 1 });
    apply(optimizer, { w: [1] });
    expect(optimizer.learningRate).toBeCloseTo(0.5, 12);
    optimizer.hyper.learningRate = 4;
    apply(optimizer, { w: [1] });
    expect(numbers(w)).toEqual([-5]);
    optimizer.set("learningRate", (step: number) => step);
    apply(optimizer, { w: [1] });
    expect(numbers(w)).toEqual([-7]);
    expect(() => (optimizer.learningRate = -1)).toThrow(
      "gradient-descent: learningRate = -1 is not allowed; expected a number in [0, ∞).",
    );
    expect(() => optimizer.set("learningrate" as never, 1)).toThrow('Did you mean "learningRate"?');
    // @ts-expect-error misspelt
    expect(() => (optimizer.hyper.learningrate = 1)).toThrow(TypeError);
  });

  it("runs chains, wrappers and groups with the steps of bind", () => {
    const rules: Record<string, () => Rule<any>> = {
      chain: () => chain(clipByGlobalNorm(0.5), adamw({ learningRate: warmup(3, 0.1) })),
      accumulate: () => accumulate(adam({ learningRate: 0.1 }), 2),
      partition: () => partition({ "*a": sgd({ learningRate: 0.1 }), rest: adam({ learningRate: 0.1 }) }),
    };
    for (const [name, rule] of Object.entries(rules)) {
      const [a, b] = [make(`${name}/a`, [1, 2]), make(`${name}/b`, [3])];
      const stepper = bind(rule(), {
        a: downhillTensor(Float64Array.of(1, 2)),
        b: downhillTensor(Float64Array.of(3)),
      });
      const optimizer = optimize(rule());
      for (let t = 0; t < 8; t++) {
        apply(optimizer, { [`${name}/a`]: [t, 1], [`${name}/b`]: [2 - t] });
        stepper.gradients.a.data.set([t, 1]);
        stepper.gradients.b.data.set([2 - t]);
        stepper.step();
      }
      const reached = [...stepper.parameters.a.data, ...stepper.parameters.b.data];
      [...numbers(a), ...numbers(b)].forEach((x, i) => expect(x).toBeCloseTo(reached[i]!, 5));
    }
  });

  it("gives the loss to rules that use it, and asks for minimize", () => {
    const w = make("w", [2]);
    const optimizer = optimize(polyak());
    expect(() => apply(optimizer, { w: [1] })).toThrow(
      "polyak: this rule uses the loss, which applyGradients does not get.",
    );
    optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    expect(numbers(w)[0]).toBeLessThan(2);
  });

  it("shows the point to evaluate of rules that train another one", async () => {
    const w = make("w", [1, 1]);
    const optimizer = optimize(ema(gradientDescent({ learningRate: 1 }), { decay: 0.5 }));
    for (let t = 0; t < 5; t++) apply(optimizer, { w: [1, 2] });
    const trained = numbers(w);
    const view = optimizer.view();
    own(view.w!);
    const seen = await optimizer.atView(() => numbers(w));
    expect(seen).toEqual(numbers(view.w!));
    expect(seen).not.toEqual(trained);
    expect(numbers(w)).toEqual(trained);
    const stepper = bind(ema(gradientDescent({ learningRate: 1 }), { decay: 0.5 }), {
      w: Float64Array.of(1, 1),
    });
    stepper.gradients.w.set([1, 2]);
    for (let t = 0; t < 5; t++) stepper.step();
    [...stepper.view().w].forEach((x, i) => expect(seen[i]).toBeCloseTo(x, 5));
    await expect(optimizer.atView(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(numbers(w)).toEqual(trained);
  });

  it("changes nothing when a schedule leaves its range", () => {
    const w = make("w", [0]);
    const broken: Schedule = (step) => (step < 2 ? 1 : Number.NaN);
    const optimizer = optimize(scheduleFreeSgd({ learningRate: broken }));
    apply(optimizer, { w: [1] });
    apply(optimizer, { w: [1] });
    const before = numbers(w);
    expect(() => apply(optimizer, { w: [1] })).toThrow("learningRate = NaN at step 2 of its schedule");
    expect(numbers(w)).toEqual(before);
  });
});
