import { describe, expect, it } from "vitest";
import fixture from "../../fixtures/metrics.json" with { type: "json" };
import { deviation } from "../test-support/compute.js";
import {
  accuracy,
  type ClassScores,
  classificationReport,
  confusionMatrix,
  logLoss,
  mae,
  mostProbable,
  r2,
  rmse,
} from "./index.js";

const close = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(expected)));

describe.each(fixture.regression.map((c, i) => ({ i, ...c })))("regression metrics, case $i", (c) => {
  const options = {
    outputs: c.target.shape[1] ?? 1,
    ...("weight" in c && { weight: (c.weight as { data: number[] }).data }),
  };
  it("are scikit-learn's", () => {
    close(r2(c.prediction.data, c.target.data, options), c.r2);
    close(rmse(c.prediction.data, c.target.data, options), c.rmse);
    close(mae(c.prediction.data, c.target.data, options), c.mae);
  });
});

describe.each(fixture.classification.map((c, i) => ({ i, ...c })))("classification metrics, case $i", (c) => {
  const options = { classes: 4, ...("weight" in c && { weight: (c.weight as { data: number[] }).data }) };
  const predicted = mostProbable(c.probabilities.data, 4);

  it("are scikit-learn's", () => {
    expect([...predicted]).toEqual(c.predicted.data);
    close(accuracy(predicted, c.target.data, options), c.accuracy);
    close(logLoss(c.probabilities.data, c.target.data, options), c.logLoss);
    const matrix = confusionMatrix(predicted, c.target.data, options);
    expect(deviation(matrix.flat(), c.confusion.flat())).toBeLessThan(1e-14);
  });

  it("by class are scikit-learn's report", () => {
    const report = classificationReport(confusionMatrix(predicted, c.target.data, options));
    const scores = (of: keyof ClassScores) => report.classes.map((s) => s[of]);
    expect(deviation(scores("precision"), c.precision)).toBeLessThan(1e-14);
    expect(deviation(scores("recall"), c.recall)).toBeLessThan(1e-14);
    expect(deviation(scores("f1"), c.f1)).toBeLessThan(1e-14);
    expect(deviation(scores("support"), c.support)).toBeLessThan(1e-14);
    const mean = (s: ClassScores) => [s.precision, s.recall, s.f1];
    expect(deviation(mean(report.macro), c.macro)).toBeLessThan(1e-14);
    expect(deviation(mean(report.weighted), c.weighted)).toBeLessThan(1e-14);
    close(report.accuracy, c.accuracy);
  });
});

describe("metrics at the edges", () => {
  it("r2 of a target without variation is 1 for the right answer and 0 for another", () => {
    expect(r2([2, 2], [2, 2])).toBe(1);
    expect(r2([2, 3], [2, 2])).toBe(0);
  });

  it("a class that nobody has or predicts scores 0, not NaN", () => {
    const { classes, macro } = classificationReport(confusionMatrix([0, 0], [0, 0], { classes: 2 }));
    expect(classes[1]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    expect(macro.f1).toBe(0.5);
  });

  it("a certain error costs as much as the array's precision allows", () => {
    expect(logLoss([1, 0], [1], { classes: 2 })).toBeCloseTo(52 * Math.LN2, 12);
    expect(logLoss(Float32Array.of(1, 0), [1], { classes: 2 })).toBeCloseTo(23 * Math.LN2, 12);
  });

  it("the confusion matrix has targets in rows and predictions in columns", () => {
    expect(confusionMatrix([0, 1, 1, 2], [0, 0, 1, 1], { classes: 3 })).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  it("the lowest of equal classes wins", () => {
    expect([...mostProbable([0.4, 0.4, 0.2, 0.1, 0.45, 0.45], 3)]).toEqual([0, 1]);
  });

  it.each([
    [() => r2([1, 2], [1]), "r2: 2 predictions and 1 targets"],
    [() => rmse([1, 2, 3], [1, 2, 3], { outputs: 2 }), "rmse: 3 predictions and 3 targets"],
    [() => mae([], []), "at least one row"],
    [() => mae([1, 2], [1, 2], { weight: [1] }), "mae: 1 weights do not fit 2 rows"],
    [() => accuracy([], []), "accuracy: there are no rows to measure"],
    [() => accuracy([1], [1, 2]), "accuracy: 1 predictions do not fit 2 targets; expected as many"],
    [
      () => logLoss([0.5, 0.5], [0, 1], { classes: 2 }),
      "2 predictions do not fit 2 targets; expected 2 for each",
    ],
    [() => logLoss([0.5, 0.5], [2], { classes: 2 }), "the target of row 0 is 2; expected a class index"],
    [
      () => confusionMatrix([0, 3], [0, 0], { classes: 3 }),
      "the prediction of row 1 is 3; expected a class index",
    ],
    [() => confusionMatrix([0], [0], { classes: 1, weight: [1, 2] }), "2 weights do not fit 1 rows"],
  ])("refuse what does not fit: %s", (measure, message) => {
    expect(measure).toThrow(message);
  });
});
