import { describe, expect, it } from "vitest";
import { tiger } from "./tiger.js";
import { walk } from "./walk.fixture.js";

describe("tiger", () => {
  it("makes the steps worked by hand", () => {
    const rule = tiger({ learningRate: 0.1, beta: 0.5, weightDecay: 0.1 });
    const { parameters } = walk(rule, 1, [2, -0.5, -1]);
    expect(parameters).toBeNear([
      // m = 1
      0.89,
      // m = 0.25
      0.7811,
      // m = -0.375
      0.873289,
    ]);
  });
});
