import { describe, expect, it } from "vitest";
import { lion } from "./lion.js";
import { walk } from "./walk.fixture.js";

describe("lion", () => {
  it("makes the steps worked by hand", () => {
    const rule = lion({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [2, -1, -1, 3]);
    expect(parameters).toBeNear([
      // c = 1, m = 0.5
      0.88,
      // c = -0.25, m = 0.125
      0.9624,
      // c = -0.4375, m = -0.15625
      1.043152,
      // c = 1.42188, m = 0.632812
      0.92228896,
    ]);
  });
});
