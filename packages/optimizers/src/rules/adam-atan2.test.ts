import { describe, expect, it } from "vitest";
import { adamAtan2 } from "./adam-atan2.js";
import { walk } from "./walk.fixture.js";

describe("adam-atan2", () => {
  it("makes the steps worked by hand", () => {
    const rule = adamAtan2({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, a: 1.5, b: 2, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1, v = 1, angle = 0.463648
      0.910452858649879,
      // m = -0.25, v = 1.3125, angle = -0.0959297
      0.906633255441984,
      // m = 0.125, v = 1.04688, angle = 0.0530308
      0.880545972860968,
    ]);
  });
});
