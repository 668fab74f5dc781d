import { describe, expect, it } from "vitest";
import { walk } from "./walk.fixture.js";
import { yogi } from "./yogi.js";

describe("yogi", () => {
  it("makes the steps worked by hand", () => {
    const rule = yogi({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      initialAccumulatorValue: 0.5,
    });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1.25, v = 1.5
      0.898352899932366,
      // m = -0.125, v = 2.0625
      0.905993811584821,
      // m = 0.1875, v = 2
      0.894534450962175,
    ]);
  });
});
