import { describe, expect, it } from "vitest";
import { prodigy } from "./prodigy.js";
import { walk } from "./walk.fixture.js";

describe("prodigy", () => {
  it("raises its estimate d with the way that the gradients agree with", () => {
    const rule = prodigy({
      learningRate: 0.5,
      beta1: 0.5,
      beta2: 0.75,
      beta3: 0.9,
      epsilon: 0.01,
      weightDecay: 0.2,
      d0: 0.1,
      dCoefficient: 2,
    });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [2, -1],
        [0, 4],
        [-1, 1],
      ],
    );
    expect(parameters).toBeNear([
      // r = 0, s = [0.1, -0.05], d = 0.1
      [2.92049504950495, 4.00901960784314],
      // r = -0.00180392, s = [0.09, 0.155], d = 0.1
      [2.86275211381906, 3.92637804531184],
      // r = -0.00480483, s = [0.031, 0.1895], d = 0.1
      [2.84783993947534, 3.84997950178525],
    ]);
  });

  it("corrects, guards a warmup and bounds the growth when told so", () => {
    const rule = prodigy({
      learningRate: 0.5,
      beta1: 0.5,
      beta2: 0.75,
      beta3: 0.9,
      epsilon: 0.01,
      weightDecay: 0.2,
      d0: 0.1,
      dCoefficient: 2,
      biasCorrection: true,
      safeguardWarmup: true,
      growthRate: 1.1,
    });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [2, -1],
        [0, 4],
        [-1, 1],
      ],
    );
    expect(parameters).toBeNear([
      // r = 0, s = [0.2, -0.1], d = 0.1
      [2.92049504950495, 4.00901960784314],
      // r = -0.00159091, s = [0.18, 0.31], d = 0.1
      [2.8695705669064, 3.93613660037127],
      // r = -0.004324, s = [0.062, 0.379], d = 0.1
      [2.85655314324171, 3.86966405927647],
    ]);
  });
});
