import { describe, expect, it } from "vitest";
import { laprop } from "./laprop.js";
import { walk } from "./walk.fixture.js";

describe("laprop", () => {
  it("makes the steps worked by hand", () => {
    const rule = laprop({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // n = 1, m = 0.497512
      0.900497512437811,
      // n = 1.3125, m = -0.181771
      0.924733623622945,
      // n = 1.04688, m = 0.0935261
      0.914044926528104,
    ]);
  });
});
