import { describe, expect, it } from "vitest";
import { asgd } from "./asgd.js";
import { walk } from "./walk.fixture.js";

describe("asgd", () => {
  it("averages the points in its view", () => {
    const rule = asgd({ learningRate: 0.1, lambda: 0.5, t0: 0, weightDecay: 0.2 });
    const { parameters, views } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // η = 0.1, μ = 1
      0.73,
      // η = 0.0964069, μ = 1
      0.825346403795269,
      // η = 0.0931012, μ = 0.5
      0.725007237450126,
    ]);
    expect(views).toBeNear([0.73, 0.825346403795269, 0.775176820622697]);
  });
});
