import { describe, expect, it } from "vitest";
import { adan } from "./adan.js";
import { walk } from "./walk.fixture.js";

describe("adan", () => {
  it("adds the difference of gradients from the second step on, and decays proximally", () => {
    const rule = adan({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      beta3: 0.9,
      epsilon: 0.01,
      weightDecay: 0.2,
    });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // d = 0, m = 1, v = 0, n = 0.4
      0.882840698468442,
      // d = -3.5, m = -0.25, v = -0.875, n = 2.06156
      0.919930655279579,
      // d = 2, m = 0.125, v = -0.15625, n = 2.25541
      0.903919554069129,
    ]);
  });

  it("decays before the step without the proximal form", () => {
    const rule = adan({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      beta3: 0.9,
      epsilon: 0.01,
      weightDecay: 0.2,
      noProx: true,
    });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // d = 0, m = 1, v = 0, n = 0.4
      0.880497512437811,
      // d = -3.5, m = -0.25, v = -0.875, n = 2.06156
      0.918376132105783,
      // d = 2, m = 0.125, v = -0.15625, n = 2.25541
      0.902075899334601,
    ]);
  });
});
