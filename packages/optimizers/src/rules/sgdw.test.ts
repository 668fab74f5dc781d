import { describe, expect, it } from "vitest";
import { sgdw } from "./sgdw.js";
import { walk } from "./walk.fixture.js";

describe("sgdw", () => {
  it("decays the parameter, not the gradient", () => {
    const rule = sgdw({ learningRate: 0.1, momentum: 0.5, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // b = 2
      0.78,
      // b = -0.5
      0.8144,
      // b = 0.25
      0.773112,
    ]);
  });

  it("looks ahead with Nesterov", () => {
    const rule = sgdw({ learningRate: 0.1, momentum: 0.5, weightDecay: 0.2, nesterov: true });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // b = 2
      0.68,
      // b = -0.5
      0.8414,
      // b = 0.25
      0.762072,
    ]);
  });
});
