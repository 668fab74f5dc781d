import { describe, expect, it } from "vitest";
import { nadam } from "./nadam.js";
import { walk } from "./walk.fixture.js";

describe("nadam", () => {
  it("makes the steps worked by hand", () => {
    const rule = nadam({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      momentumDecay: 0.5,
      weightDecay: 0.2,
    });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // μ = 0.255051, Π = 0.255051, ĝ = 2.2, m̂ = 0.306313
      0.886592190571863,
      // μ = 0.26, Π = 0.0663133, ĝ = -1.0483, m̂ = -0.0300157
      0.947746175339629,
      // μ = 0.264849, Π = 0.017563, ĝ = 0.515985, m̂ = 0.0783133
      0.905493525824911,
    ]);
  });
});
