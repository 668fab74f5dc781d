import { describe, expect, it } from "vitest";
import { gradientDescent } from "./gradient-descent.js";
import { walk } from "./walk.fixture.js";

describe("gradient-descent", () => {
  it("makes the steps worked by hand", () => {
    const rule = gradientDescent({ learningRate: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([0, 0.75, 0.5]);
  });
});
