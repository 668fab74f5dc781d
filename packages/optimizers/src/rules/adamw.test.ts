import { describe, expect, it } from "vitest";
import { adamw } from "./adamw.js";
import { walk } from "./walk.fixture.js";

describe("adamw", () => {
  it("decays the parameter apart from the step", () => {
    const rule = adamw({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, weightDecay: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1, v = 1, m̂ = 2, v̂ = 4
      0.850497512437811,
      // m = -0.25, v = 1.3125, m̂ = -0.333333, v̂ = 3
      0.827107172495653,
      // m = 0.125, v = 1.04688, m̂ = 0.142857, v̂ = 1.81081
      0.775214012926635,
    ]);
  });

  it("divides by the largest second moment with AMSGrad", () => {
    const rule = adamw({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      weightDecay: 0.5,
      amsgrad: true,
    });
    const { parameters } = walk(rule, 1, [4, 1, -1]);
    expect(parameters).toBeNear([
      // m = 2, v = 4, m̂ = 4, v̂ = 16
      0.850249376558603,
      // m = 1.5, v = 3.25, m̂ = 2, v̂ = 9.14286
      0.741811153891126,
      // m = 0.25, v = 2.6875, m̂ = 0.285714, v̂ = 6.91892
      0.6938996584961,
    ]);
  });
});
