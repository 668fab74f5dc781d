import { describe, expect, it } from "vitest";
import { adabelief } from "./adabelief.js";
import { walk } from "./walk.fixture.js";

describe("adabelief", () => {
  it("makes the steps worked by hand", () => {
    const rule = adabelief({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1, s = 0.26
      0.785788267579852,
      // m = -0.25, s = 0.595625
      0.798397839143849,
      // m = 0.125, s = 0.491875
      0.76710834093899,
    ]);
  });
});
