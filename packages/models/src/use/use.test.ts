import { js, reference, type Tensor } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { binaryCrossEntropy } from "../losses/index.js";
import { accuracy, logLoss, mae, r2, rmse } from "../metrics/index.js";
import { linear, logistic, mlp, softmax } from "../models/index.js";
import { compute, numbers } from "../test-support/compute.js";
import { dataset } from "../test-support/rows.js";
import { coefficients, coefficientsByOutput, evaluate, predict } from "./index.js";

const wave = (rows: number, width: number) => ({
  data: Float64Array.from({ length: rows * width }, (_, i) => Math.sin(1 + 3 * i)),
  shape: [rows, width],
});

describe("predict", () => {
  const parameters = { weight: numbers([[2], [-1]]), bias: numbers([0.5]) };

  it("gives a regressor's numbers", () => {
    const found = predict(linear(), parameters, numbers([[1, 2], [3, 4], [0, 0]])); // biome-ignore format: a matrix
    expect(found).toEqual({ data: Float64Array.of(0.5, 2.5, 0.5), shape: [3] });
  });

  it("gives a classifier's probabilities, indices and names", () => {
    const x = numbers([[1, 2], [0, 4]]); // biome-ignore format: a matrix
    const { probabilities, indices, names } = predict(logistic(), parameters, x, { classes: ["no", "yes"] });
    expect(probabilities.shape).toEqual([2, 2]);
    expect(probabilities.data[1]).toBeCloseTo(1 / (1 + Math.exp(-0.5)), 15);
    expect(probabilities.data[2]).toBeCloseTo(1 / (1 + Math.exp(-3.5)), 15);
    expect([...indices]).toEqual([1, 0]);
    expect(names).toEqual(["yes", "no"]);
  });

  it("does not depend on the engine or on the size of batches", () => {
    const net = mlp({ hidden: [6], classes: 3 });
    const start = net.init(1, { x: [5], y: [] });
    const whole = predict(net, start, wave(11, 5), { engine: reference() });
    for (const batchSize of [1, 4, 11, 100]) {
      expect(predict(net, start, wave(11, 5), { engine: js(), batchSize })).toEqual(whole);
    }
  });

  it("takes the parameters' precision, or the one asked for", () => {
    const rounded = {
      weight: { data: Float32Array.of(0.1, 3), shape: [2, 1] },
      bias: { data: Float32Array.of(0), shape: [1] },
    };
    const x = numbers([[1, 1]]);
    expect(predict(linear(), rounded, x).data).toEqual(Float32Array.of(Math.fround(0.1) + 3));
    expect(predict(linear(), rounded, x, { dtype: "float64" }).data).toEqual(
      Float64Array.of(Math.fround(0.1) + 3),
    );
  });

  it("takes no rows at all", () => {
    expect(predict(linear(), parameters, { data: new Float64Array(0), shape: [0, 2] })).toEqual({
      data: new Float64Array(0),
      shape: [0],
    });
  });

  it("refuses parameters of another model, and names that do not fit", () => {
    const net = mlp({ hidden: [4], classes: 2 });
    expect(() => predict(net, parameters as never, wave(2, 2))).toThrow(
      'mlp: parameter "hidden1.weight" is missing; there are weight, bias.',
    );
    expect(() => predict(linear(), parameters, wave(2, 3))).toThrow(
      'linear: parameter "weight" has shape [2, 1]; 3 features need [3, 1].',
    );
    expect(() => predict(logistic(), parameters, wave(2, 2), { classes: ["a"] })).toThrow(
      "predict: 1 names do not fit the 2 classes of logistic.",
    );
    expect(() => predict(linear(), parameters, wave(2, 2), { batchSize: 0 })).toThrow("batchSize is 0");
  });
});

describe("evaluate", () => {
  const weight = numbers(Array.from({ length: 11 }, (_, i) => (i % 4) / 2));

  it("gives the loss and metrics of all rows together, whatever the batches", async () => {
    const model = linear({ penalties: { l2: 0.1 } });
    const parameters = { weight: numbers([[1], [2], [3]]), bias: numbers([0.1]) };
    const x = wave(11, 3);
    const y = numbers(Array.from({ length: 11 }, (_, i) => Math.cos(i)));
    const { data } = predict(model, parameters, x);
    const options = { weight: weight.data };
    const penalty = 0.05 * (1 + 4 + 9);
    for (const batchSize of [1, 4, 5, 11]) {
      const found = await evaluate(model, parameters, dataset({ x, y, weight }), { batchSize });
      expect(found.r2).toBe(r2(data, y.data, options));
      expect(found.rmse).toBe(rmse(data, y.data, options));
      expect(found.mae).toBe(mae(data, y.data, options));
      expect(found.loss).toBeCloseTo(found.rmse! ** 2 + penalty, 12);
    }
  });

  it("measures classifiers", async () => {
    const parameters = { weight: numbers([[1], [-2]]), bias: numbers([0.3]) };
    const x = wave(11, 2);
    const y = numbers([0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1]);
    const { probabilities, indices } = predict(logistic(), parameters, x);
    const found = await evaluate(logistic(), parameters, dataset({ x, y }));
    expect(found.accuracy).toBe(accuracy(indices, y.data));
    expect(found.logLoss).toBe(logLoss(probabilities.data, y.data, { classes: 2 }));
    const { loss } = compute({ ...parameters, x, y }, ({ x, y, weight, bias }) => ({
      loss: binaryCrossEntropy((x as Tensor).matmul(weight!).add(bias!).reshape([11]), y!),
    }));
    expect(found.loss).toBeCloseTo(loss[0]!, 14);
    expect(Object.keys(found).sort()).toEqual(["accuracy", "logLoss", "loss"]);
  });

  it("names the row whose target is no class", async () => {
    const y = numbers([0, 1, 2, 3, 0, 1, 2, 0, 1, 2, 0]);
    const parameters = softmax({ classes: 3 }).init(1, { x: [2], y: [] });
    await expect(
      evaluate(softmax({ classes: 3 }), parameters, dataset({ x: wave(11, 2), y }), { batchSize: 2 }),
    ).rejects.toThrow(
      "evaluate: the target of row 3 is 3; expected a class index, a whole number from 0 to 2.",
    );
  });

  it("refuses a dataset without rows", async () => {
    const parameters = linear().init(1, { x: [2], y: [] });
    await expect(evaluate(linear(), parameters, dataset({ x: wave(0, 2), y: numbers([]) }))).rejects.toThrow(
      "evaluate: the number of rows of rows is 0",
    );
  });
});

describe("coefficients", () => {
  const scaling = { mean: [10, -2], scale: [4, 0.5] };

  it("are in the data's own units: they predict from rows as they were", () => {
    const target = { mean: 1000, scale: 50 };
    const parameters = { weight: numbers([[0.5], [-3]]), bias: numbers([0.25]) };
    const found = coefficients(linear(), parameters, {
      features: ["a", "b"],
      scaling: { ...scaling, target },
    });
    const row = [13, 7];
    const scaled = row.map((value, j) => (value - scaling.mean[j]!) / scaling.scale[j]!);
    const [prediction] = predict(linear(), parameters, numbers([scaled])).data;
    expect(found.a! * row[0]! + found.b! * row[1]! + found.intercept).toBeCloseTo(1000 + 50 * prediction!, 9);
    expect(found.a).toBe((50 * 0.5) / 4);
    expect(Object.keys(found)).toEqual(["a", "b", "intercept"]);
  });

  it("are the weights where nothing was scaled", () => {
    const parameters = { weight: numbers([[0.5], [-3]]), bias: numbers([0.25]) };
    expect(coefficients(logistic(), parameters, { features: ["a", "b"] })).toEqual({
      a: 0.5,
      b: -3,
      intercept: 0.25,
    });
  });

  it("come by class for a softmax regression", () => {
    const parameters = { weight: numbers([[1, 2], [3, 4]]), bias: numbers([5, 6]) }; // biome-ignore format: a matrix
    const model = softmax({ classes: 2 });
    const options = { features: ["a", "b"], scaling, outputs: ["cat", "dog"] };
    expect(coefficientsByOutput(model, parameters, options)).toEqual({
      cat: { a: 1 / 4, b: 3 / 0.5, intercept: 5 - 10 / 4 + (2 * 3) / 0.5 },
      dog: { a: 2 / 4, b: 4 / 0.5, intercept: 6 - 20 / 4 + (2 * 4) / 0.5 },
    });
    expect(() => coefficients(model, parameters, options)).toThrow(
      "softmax has 2 outputs; use coefficientsByOutput",
    );
  });

  it("refuse names and scales that do not fit", () => {
    const parameters = { weight: numbers([[0.5], [-3]]), bias: numbers([0.25]) };
    const of = (options: Parameters<typeof coefficients>[2]) => () =>
      coefficients(linear(), parameters, options);
    expect(of({ features: ["a"] })).toThrow('parameter "weight" has shape [2, 1]; 1 features need [1, 1]');
    expect(of({ features: ["a", "intercept"] })).toThrow(
      'the name "intercept" stands for two of a, intercept',
    );
    expect(of({ features: ["a", "b"], scaling: { mean: [1], scale: [1] } })).toThrow(
      "1 means and 1 scales do not fit 2",
    );
    expect(of({ features: ["a", "b"], scaling: { mean: [1, 1], scale: [1, 0] } })).toThrow("a scale is 0");
    expect(of({ features: ["a", "b"], outputs: ["x", "y"] })).toThrow("2 names do not fit 1 outputs");
  });
});
