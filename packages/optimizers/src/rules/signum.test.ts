import { describe, expect, it } from "vitest";
import { signum } from "./signum.js";
import { walk } from "./walk.fixture.js";

describe("signum", () => {
  it("makes the steps worked by hand", () => {
    const rule = signum({ learningRate: 0.1, beta: 0.5, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [2, -0.5, -1]);
    expect(parameters).toBeNear([
      // m = 1
      0.88,
      // m = 0.25
      0.7624,
      // m = -0.375
      0.847152,
    ]);
  });
});
