import { describe, expect, it } from "vitest";
import { adam } from "./adam.js";
import { walk } from "./walk.fixture.js";

describe("adam", () => {
  it("corrects both moments and divides", () => {
    const rule = adam({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1, v = 1, m̂ = 2, v̂ = 4
      0.900497512437811,
      // m = -0.25, v = 1.3125, m̂ = -0.333333, v̂ = 3
      0.919632048117543,
      // m = 0.125, v = 1.04688, m̂ = 0.142857, v̂ = 1.81081
      0.909094247173308,
    ]);
  });

  it("adds the coupled decay to the gradient", () => {
    const rule = adam({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, weightDecay: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1.25, v = 1.5625, m̂ = 2.5, v̂ = 6.25
      0.900398406374502,
      // m = 0.1001, v = 1.4474, m̂ = 0.133466, v̂ = 3.30833
      0.893100717301783,
      // m = 0.523325, v = 1.30954, m̂ = 0.598086, v̂ = 2.26514
      0.853624137934757,
    ]);
  });

  it("divides by the largest second moment, corrected, with AMSGrad", () => {
    const rule = adam({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, amsgrad: true });
    const { parameters } = walk(rule, 1, [4, 1, -1]);
    expect(parameters).toBeNear([
      // m = 2, v = 4, m̂ = 4, v̂ = 16
      0.900249376558603,
      // m = 1.5, v = 3.25, m̂ = 2, v̂ = 9.14286
      0.834323622719056,
      // m = 0.25, v = 2.6875, m̂ = 0.285714, v̂ = 6.91892
      0.823502685018587,
    ]);
  });

  it("divides by the largest corrected second moment as optax", () => {
    const rule = adam({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      amsgrad: true,
      compat: "optax",
    });
    const { parameters } = walk(rule, 1, [4, 1, -1]);
    expect(parameters).toBeNear([
      // m = 2, v = 4, m̂ = 4, v̂ = 16
      0.900249376558603,
      // m = 1.5, v = 3.25, m̂ = 2, v̂ = 16
      0.850374064837905,
      // m = 0.25, v = 2.6875, m̂ = 0.285714, v̂ = 16
      0.843249020306377,
    ]);
  });

  it("adds epsilon to the uncorrected root and decays decoupled as Keras", () => {
    const rule = adam({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      weightDecay: 0.5,
      compat: "keras",
    });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1, v = 1, m̂ = 2, v̂ = 4
      0.850990099009901,
      // m = -0.25, v = 1.3125, m̂ = -0.333333, v̂ = 3
      0.827519072420518,
      // m = 0.125, v = 1.04688, m̂ = 0.142857, v̂ = 1.81081
      0.775629761417893,
    ]);
  });
});
