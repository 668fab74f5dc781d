import { describe, expect, it } from "vitest";
import { adopt } from "./adopt.js";
import { walk } from "./walk.fixture.js";

describe("adopt", () => {
  it("starts the second moment, then clips normalized gradients", () => {
    const rule = adopt({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      weightDecay: 0.2,
      decoupled: true,
    });
    const { parameters } = walk(rule, 1, [2, -6, 0.5]);
    expect(parameters).toBeNear([
      // v = 4, m = 0
      1,
      // v = 12, m = -0.5
      1.03,
      // v = 9.0625, m = -0.177831
      1.02718312163513,
    ]);
  });

  it("does not clip when told so", () => {
    const rule = adopt({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      weightDecay: 0.2,
      decoupled: true,
      clipping: false,
    });
    const { parameters } = walk(rule, 1, [2, -6, 0.5]);
    expect(parameters).toBeNear([
      // v = 4, m = 0
      1,
      // v = 12, m = -1.5
      1.13,
      // v = 9.0625, m = -0.677831
      1.17518312163513,
    ]);
  });
});
