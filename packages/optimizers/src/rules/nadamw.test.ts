import { describe, expect, it } from "vitest";
import { nadamw } from "./nadamw.js";
import { walk } from "./walk.fixture.js";

describe("nadamw", () => {
  it("makes the steps worked by hand", () => {
    const rule = nadamw({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      momentumDecay: 0.5,
      weightDecay: 0.2,
    });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // μ = 0.255051, Π = 0.255051, ĝ = 2, m̂ = 0.278466
      0.866643483113441,
      // μ = 0.26, Π = 0.0663133, ĝ = -1.18884, m̂ = -0.0673959
      0.921422832312942,
      // μ = 0.264849, Π = 0.017563, ĝ = 0.374147, m̂ = 0.0338603
      0.872897901746643,
    ]);
  });
});
