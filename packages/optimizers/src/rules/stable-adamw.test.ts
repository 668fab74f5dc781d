import { describe, expect, it } from "vitest";
import { stableAdamw } from "./stable-adamw.js";
import { walk } from "./walk.fixture.js";

describe("stable-adamw", () => {
  it("shortens the step where the gradient is large for its second moment", () => {
    const rule = stableAdamw({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, weightDecay: 0.2 });
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
      // rms = 1, m = [2, -1], v = [4, 1]
      [2.84049751243781, 4.0190099009901],
      // rms = 0.914232, m = [0.666667, 2.33333], v = [1.71429, 9.57143]
      [2.7331559956815, 3.8634523728619],
      // rms = 0.664095, m = [-0.285714, 1.57143], v = [1.40541, 5.86486]
      [2.70239206222038, 3.72156197595892],
    ]);
  });
});
