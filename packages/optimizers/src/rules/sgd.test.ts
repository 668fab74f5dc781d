import { describe, expect, it } from "vitest";
import { sgd } from "./sgd.js";
import { walk } from "./walk.fixture.js";

describe("sgd", () => {
  it("sums past gradients", () => {
    const rule = sgd({ learningRate: 0.1, momentum: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // b = 2
      0.8,
      // b = -0.5
      0.85,
      // b = 0.25
      0.825,
    ]);
  });

  it("dampens all gradients but the first", () => {
    const rule = sgd({ learningRate: 0.1, momentum: 0.5, dampening: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // b = 2
      0.8,
      // b = 0.25
      0.775,
      // b = 0.375
      0.7375,
    ]);
  });

  it("looks ahead with Nesterov", () => {
    const rule = sgd({ learningRate: 0.1, momentum: 0.5, nesterov: true });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // b = 2
      0.7,
      // b = -0.5
      0.875,
      // b = 0.25
      0.8125,
    ]);
  });

  it("adds the coupled decay to the gradient", () => {
    const rule = sgd({ learningRate: 0.1, momentum: 0.5, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // b = 2.2
      0.78,
      // b = -0.244
      0.8044,
      // b = 0.53888
      0.750512,
    ]);
  });

  it("holds the learning rate in Keras's buffer", () => {
    const rule = sgd({ learningRate: (step) => 0.1 * 2 ** step, momentum: 0.5, compat: "keras" });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // η = 0.1, b = 0.2
      0.8,
      // η = 0.2, b = -0.2
      1,
      // η = 0.4, b = 0.1
      0.9,
    ]);
  });

  it("holds it outside of PyTorch's", () => {
    const rule = sgd({ learningRate: (step) => 0.1 * 2 ** step, momentum: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // η = 0.1, b = 2
      0.8,
      // η = 0.2, b = -0.5
      0.9,
      // η = 0.4, b = 0.25
      0.8,
    ]);
  });
});
