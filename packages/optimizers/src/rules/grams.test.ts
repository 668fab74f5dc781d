import { describe, expect, it } from "vitest";
import { grams } from "./grams.js";
import { walk } from "./walk.fixture.js";

describe("grams", () => {
  it("goes with the gradient where the momentum still goes against it", () => {
    const rule = grams({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [4, -1, 0.5]);
    expect(parameters).toBeNear([
      // m = 2, v = 4, u = 0.997506
      0.880249376558603,
      // m = 0.5, v = 3.25, u = 0.243706
      0.887014953026484,
      // m = 0.5, v = 2.5, u = 0.273476
      0.841927044321522,
    ]);
  });
});
