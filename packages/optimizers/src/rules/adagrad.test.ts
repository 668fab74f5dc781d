import { describe, expect, it } from "vitest";
import { adagrad } from "./adagrad.js";
import { walk } from "./walk.fixture.js";

describe("adagrad", () => {
  it("sums the squares 9, 25, 169", () => {
    const rule = adagrad({ learningRate: 1, epsilon: 0.5 });
    const { parameters } = walk(rule, 1, [3, 4, 12]);
    expect(parameters).toBeNear([
      // s = 9, η = 1
      0.142857142857143,
      // s = 25, η = 1
      -0.584415584415584,
      // s = 169, η = 1
      -1.47330447330447,
    ]);
  });

  it("lowers the learning rate with the steps", () => {
    const rule = adagrad({ learningRate: 1, epsilon: 0.5, lrDecay: 0.5 });
    const { parameters } = walk(rule, 1, [3, 4, 12]);
    expect(parameters).toBeNear([
      // s = 9, η = 1
      0.142857142857143,
      // s = 25, η = 0.666667
      -0.341991341991342,
      // s = 169, η = 0.5
      -0.786435786435786,
    ]);
  });

  it("starts at 0.1 and has epsilon in the root as Keras", () => {
    const rule = adagrad({ learningRate: 1, epsilon: 0.5, compat: "keras" });
    const { parameters } = walk(rule, 1, [3, 4, 12]);
    expect(parameters).toBeNear([
      // s = 9.1, η = 1
      0.0317541634481459,
      // s = 25.1, η = 1
      -0.758815251593949,
      // s = 169.1, η = 1
      -1.68025792684488,
    ]);
  });
});
