import { chain, defineOptimizer, type Rule, rate, zeros } from "@downhill/core";
import {
  adamw,
  clipByGlobalNorm,
  cosine,
  ema,
  lbfgs,
  lookahead,
  nadam,
  partition,
  plateau,
  sgd,
  warmup,
} from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { beforeEach, describe, expect, it } from "vitest";
import { backends } from "../backends.fixture.js";
import "../optimizers.js";
import { registerOptimizers } from "./registry.js";
import { type TfOptimizer, tfOptimizer } from "./tf-optimizer.js";

const x = () =>
  tf.tensor2d(
    Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [8, 3],
  );
const y = () =>
  tf.tensor2d(
    Array.from({ length: 8 }, (_, i) => Math.cos(i)),
    [8, 1],
  );

function dense(optimizer: tf.Optimizer) {
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({
        units: 4,
        activation: "tanh",
        inputShape: [3],
        kernelInitializer: tfl.initializers.glorotNormal({ seed: 1 }),
      }),
      tfl.layers.dense({ units: 1, kernelInitializer: tfl.initializers.glorotNormal({ seed: 2 }) }),
    ],
  });
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

/** Some full batches. */
async function fit(model: tfl.LayersModel, epochs: number): Promise<void> {
  const [inputs, targets] = [x(), y()];
  await model.fit(inputs, targets, { epochs, batchSize: 8, shuffle: false });
  tf.dispose([inputs, targets]);
}

async function saveAndLoad(model: tfl.LayersModel): Promise<tfl.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (made) => {
      artifacts = structuredClone(made);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
    { includeOptimizer: true },
  );
  return tfl.loadLayersModel(tf.io.fromMemory(artifacts!));
}

const weightsOf = (model: tfl.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);

const compositions: Record<string, () => Rule<any>> = {
  adamw: () => adamw({ learningRate: 0.01 }),
  "nadam, whose scalars are on the host": () => nadam({ learningRate: 0.01 }),
  "a chain with a schedule": () =>
    chain(clipByGlobalNorm(0.5), adamw({ learningRate: warmup(4, cosine(0.05, { steps: 20 })) })),
  "wrapped rules": () =>
    ema(lookahead(adamw({ learningRate: 0.01, amsgrad: true }), { every: 3 }), { decay: 0.9 }),
  "a chain in a wrapper": () =>
    lookahead(chain(clipByGlobalNorm(0.5), sgd({ learningRate: 0.1, momentum: 0.9 }))),
};

describe.each(backends)("on %s", (backend) => {
  beforeEach(() => tf.setBackend(backend));

  it.each(Object.entries(compositions))(
    "a saved model goes on exactly where it stopped: %s",
    async (_, make) => {
      const [whole, first] = [dense(tfOptimizer(make())), dense(tfOptimizer(make()))];
      await fit(whole, 7);
      await fit(first, 3);
      const second = await saveAndLoad(first);
      const { hyper } = second.optimizer as TfOptimizer<any>;
      expect(second.optimizer.iterations).toBe(3);
      expect({ ...hyper }).toEqual({ ...(first.optimizer as TfOptimizer<any>).hyper });
      await fit(second, 4);
      expect(weightsOf(second)).toEqual(weightsOf(whole));
      for (const model of [whole, first, second]) {
        model.optimizer.dispose();
        model.dispose();
      }
    },
  );
});

describe("saving", () => {
  beforeEach(() => tf.setBackend("cpu"));

  it("leaves no tensors but the optimizer's own, and none of those after dispose()", async () => {
    const model = dense(tfOptimizer(adamw()));
    await fit(model, 2);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      const loaded = await saveAndLoad(model);
      loaded.optimizer.dispose();
      loaded.dispose();
    }
    // The count of steps and the index, which hold until the next save.
    expect(tf.memory().numTensors).toBe(before + 2);
    await model.optimizer.getWeights();
    expect(tf.memory().numTensors).toBe(before + 2);
    const slots = 8;
    model.optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before - slots);
    model.dispose();
  });

  it("keeps what was set while training", async () => {
    const optimizer = tfOptimizer(adamw());
    const model = dense(optimizer);
    await fit(model, 1);
    optimizer.hyper.learningRate = 0.123;
    const loaded = await saveAndLoad(model);
    expect((loaded.optimizer as TfOptimizer<any>).learningRate).toBe(0.123);

    const other = tfOptimizer(adamw());
    await other.setWeights(await optimizer.getWeights());
    expect(other.learningRate).toBe(0.123);
  });

  it("keeps the state of a plateau", async () => {
    const schedule = plateau(0.1, { patience: 0 });
    const optimizer = tfOptimizer(adamw({ learningRate: schedule }));
    const model = dense(optimizer);
    await fit(model, 1);
    schedule.observe(1);
    schedule.observe(2);
    expect(optimizer.learningRate).toBeCloseTo(0.01, 12);
    const loaded = await saveAndLoad(model);
    expect((loaded.optimizer as TfOptimizer<any>).learningRate).toBe(optimizer.learningRate);
  });

  it("loads what has not made a step yet, and saves what has been loaded", async () => {
    const fresh = await saveAndLoad(dense(tfOptimizer(adamw())));
    expect(fresh.optimizer.iterations).toBe(0);
    await fit(fresh, 2);
    const again = await saveAndLoad(await saveAndLoad(fresh));
    await fit(again, 1);
    await fit(fresh, 1);
    expect(weightsOf(again)).toEqual(weightsOf(fresh));
  });

  it("gives state to variables by name where some are frozen, and to those of a model that is loaded twice", async () => {
    const make = () => tfOptimizer(nadam({ learningRate: 0.01 }));
    const model = dense(make());
    await fit(model, 3);
    const [a, b] = [await saveAndLoad(model), await saveAndLoad(model)];
    for (const loaded of [a, b, model]) {
      loaded.layers[0]!.trainable = false;
      await fit(loaded, 2);
      loaded.layers[0]!.trainable = true;
      await fit(loaded, 2);
    }
    expect(weightsOf(a)).toEqual(weightsOf(model));
    expect(weightsOf(b)).toEqual(weightsOf(model));
  });

  it("goes on with a method", async () => {
    const [whole, first] = [dense(tfOptimizer(lbfgs())), dense(tfOptimizer(lbfgs()))];
    await fit(whole, 6);
    await fit(first, 3);
    const second = await saveAndLoad(first);
    await fit(second, 3);
    expect(weightsOf(second)).toEqual(weightsOf(whole));
  });

  it("keeps names with underscores, which tfjs would change", async () => {
    const snake = defineOptimizer({
      name: "snake_case",
      paper: "none",
      hyper: { learning_rate: rate(0.1) },
      options: { kind_of: ["a_b", "c_d"] },
      state: { last_one: zeros },
      update: ({ gradient }, { learning_rate }) => ({
        step: gradient.mul(learning_rate),
        last_one: gradient,
      }),
    });
    registerOptimizers(snake);
    const model = dense(tfOptimizer(snake({ learning_rate: 0.01, kind_of: "c_d" })));
    await fit(model, 2);
    const loaded = await saveAndLoad(model);
    expect((loaded.optimizer as TfOptimizer<any>).hyper.learning_rate).toBe(0.01);
    await fit(loaded, 2);
    await fit(model, 2);
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
  });

  it("asks for what is not registered", async () => {
    const lion = defineOptimizer({
      name: "my-lion",
      paper: "none",
      hyper: { learningRate: rate(0.1) },
      update: ({ gradient }, { learningRate }) => ({ step: gradient.sign().mul(learningRate) }),
    });
    const model = dense(tfOptimizer(lion()));
    await expect(saveAndLoad(model)).rejects.toThrow('nothing is registered as "my-lion"');
    registerOptimizers(lion);
    await saveAndLoad(model);

    const groups = () => partition({ "*kernel*": adamw(), rest: sgd({ learningRate: 0.1 }) });
    const grouped = dense(tfOptimizer(groups()));
    await expect(saveAndLoad(grouped)).rejects.toThrow("registerOptimizers(() => partition(");
    registerOptimizers(groups);
    (grouped.optimizer as TfOptimizer<any>).set("rest.learningRate", 0.2);
    const loaded = await saveAndLoad(grouped);
    expect((loaded.optimizer as TfOptimizer<any>).hyper["rest.learningRate"]).toBe(0.2);
    // A function of one's own cannot be saved.
    const custom = dense(tfOptimizer(adamw({ learningRate: (step) => 1 / (step + 1) })));
    await expect(saveAndLoad(custom)).rejects.toThrow("this schedule was a function of the user's own");
  });

  it("refuses weights of another optimizer, and leaves all as it is", async () => {
    const theirs = tf.train.adam(0.1);
    const model = dense(theirs);
    await fit(model, 1);
    const optimizer = tfOptimizer(adamw());
    await expect(optimizer.setWeights(await theirs.getWeights())).rejects.toThrow(
      /adamw: the weights loaded, ".*\/m" among them, were saved by another optimizer of TensorFlow.js/,
    );
    const ours = tfOptimizer(sgd({ learningRate: 0.1 }));
    await expect(optimizer.setWeights(await ours.getWeights())).rejects.toThrow(
      'adamw: the weights loaded were saved by the optimizer "sgd".',
    );
    const [plain, amsgrad] = [dense(tfOptimizer(adamw())), dense(tfOptimizer(adamw({ amsgrad: true })))];
    await fit(plain, 1);
    await fit(amsgrad, 1);
    const before = weightsOf(amsgrad);
    await expect(amsgrad.optimizer.setWeights(await plain.optimizer.getWeights())).rejects.toThrow(
      /have no state "state.vMax" for variable ".*kernel.*"/,
    );
    expect(weightsOf(amsgrad)).toEqual(before);
    // For another model: found out when the variables are known.
    const small = tfl.sequential({
      layers: [tfl.layers.dense({ units: 2, inputShape: [3], name: "small" })],
    });
    const fresh = tfOptimizer(adamw());
    small.compile({ optimizer: fresh, loss: "meanSquaredError" });
    await fresh.setWeights(await plain.optimizer.getWeights());
    const [inputs, targets] = [x(), tf.zeros([8, 2])];
    await expect(small.fit(inputs, targets)).rejects.toThrow(
      /variable "small\/kernel" of shape \[3, 2\] is none of those whose state was loaded/,
    );
  });
});
