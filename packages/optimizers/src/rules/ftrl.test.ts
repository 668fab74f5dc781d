import { describe, expect, it } from "vitest";
import { ftrl } from "./ftrl.js";
import { walk } from "./walk.fixture.js";

describe("ftrl", () => {
  it("makes the steps worked by hand", () => {
    const rule = ftrl({ learningRate: 0.5, beta: 1, l1: 0.4, l2: 0.2 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // z = -2, n = 4
      0.258064516129032,
      // z = -3.75806, n = 6.25
      0.466397849462366,
      // z = -3.30425, n = 6.5
      0.39789549800696,
    ]);
  });
});
