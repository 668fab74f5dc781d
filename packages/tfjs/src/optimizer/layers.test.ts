import { adam, sgd } from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backends } from "../backends.fixture.js";
import "../wasm-kernels.js";
import { distanceFromTfTrain, pairs } from "./beside-tf-train.fixture.js";
import { tfOptimizer } from "./tf-optimizer.js";

describe.each(backends)("beside tf.train on %s", (backend) => {
  beforeEach(() => tf.setBackend(backend));

  it.each(pairs)("goes the same way: %s", async (_, theirs, ours) => {
    expect(await distanceFromTfTrain(theirs, ours)).toBeLessThanOrEqual(2e-5);
  });
});

describe.each(backends)("predictions on %s", (backend) => {
  // Backends keep what they make of weights; a change in place must not leave them with that of before.
  it.each([
    ["all layers", [true, true]],
    ["all but the first", [false, true]],
  ] as const)("see the weights as they are, training %s", async (_, [first, second]) => {
    await tf.setBackend(backend);
    const layers = () => [
      tfl.layers.conv2d({
        filters: 4,
        kernelSize: 2,
        activation: "relu",
        inputShape: [4, 4, 2],
        trainable: first,
      }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 3, activation: "relu", trainable: second }),
      tfl.layers.dense({ units: 1 }),
    ];
    const net = tfl.sequential({ layers: layers() });
    const optimizer = tfOptimizer(adam({ learningRate: 0.1 }));
    net.compile({ optimizer, loss: "meanSquaredError" });
    const inputs = tf.randomNormal([5, 4, 4, 2], 0, 1, "float32", 1);
    const targets = tf.ones([5, 1]);
    const predict = (model: tfl.Sequential) => [...(model.predict(inputs) as tf.Tensor).dataSync()];
    let before = predict(net);
    for (let i = 0; i < 3; i++) {
      await net.fit(inputs, targets, { epochs: 1, batchSize: 5, verbose: 0 });
      const copy = tfl.sequential({ layers: layers() });
      copy.setWeights(net.getWeights().map((weight) => tf.tensor(weight.dataSync(), weight.shape)));
      const now = predict(net);
      predict(copy).forEach((x, k) => expect(now[k]).toBeCloseTo(x, 6));
      expect(now).not.toEqual(before);
      before = now;
    }
    optimizer.dispose();
    tf.disposeVariables();
  });
});

describe("with layers", () => {
  beforeEach(() => tf.setBackend("cpu"));
  afterEach(() => tf.disposeVariables());

  const x = () => tf.tensor2d([1, 0, 0, 1, 1, 1, 2, 1], [4, 2]);
  const y = () => tf.tensor2d([-3, -1, -4, -5], [4, 1]);
  const model = () =>
    tfl.sequential({
      layers: [
        tfl.layers.dense({
          units: 1,
          inputShape: [2],
          kernelInitializer: "ones",
          kernelConstraint: tfl.constraints.nonNeg(),
        }),
      ],
    });

  it("keeps constraints when it is given the model", async () => {
    const kept = model();
    kept.compile({
      optimizer: tfOptimizer(sgd({ learningRate: 0.1 }), { model: kept }),
      loss: "meanSquaredError",
    });
    await kept.fit(x(), y(), { epochs: 20 });
    expect(Math.min(...kept.getWeights()[0]!.dataSync())).toBe(0);
    expect(kept.getWeights()[1]!.dataSync()[0]).toBeLessThan(-1);

    const free = model();
    free.compile({ optimizer: tfOptimizer(sgd({ learningRate: 0.1 })), loss: "meanSquaredError" });
    await free.fit(x(), y(), { epochs: 20 });
    expect(Math.min(...free.getWeights()[0]!.dataSync())).toBeLessThan(-0.5);
  });

  it("leaves frozen layers alone", async () => {
    const net = tfl.sequential({
      layers: [
        tfl.layers.dense({ units: 3, inputShape: [2], activation: "tanh", trainable: false }),
        tfl.layers.dense({ units: 1 }),
      ],
    });
    const optimizer = tfOptimizer(adam({ learningRate: 0.1 }));
    net.compile({ optimizer, loss: "meanSquaredError" });
    const before = [...net.layers[0]!.getWeights()[0]!.dataSync()];
    await net.fit(x(), y(), { epochs: 2 });
    expect([...net.layers[0]!.getWeights()[0]!.dataSync()]).toEqual(before);
    expect(Object.keys(optimizer.fallback)).toHaveLength(2);
  });
});
