import { describe, expect, it } from "vitest";
import { ademamix } from "./ademamix.js";
import { walk } from "./walk.fixture.js";

describe("ademamix", () => {
  it("brings the slow momentum in over the warmup", () => {
    const rule = ademamix({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      beta3: 0.9,
      weightDecay: 0.2,
      warmupSteps: 2,
    });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // β3 = 0.832837, m1 = 1, m2 = 0.334326, ν = 1
      0.838914731209614,
      // β3 = 0.9, m1 = -0.25, m2 = 0.150893, ν = 1.3125
      0.797961958454641,
      // β3 = 0.9, m1 = 0.125, m2 = 0.185804, ν = 1.04688
      0.702936232506904,
    ]);
  });
});
