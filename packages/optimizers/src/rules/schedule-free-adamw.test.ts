import { describe, expect, it } from "vitest";
import { scheduleFreeAdamw } from "./schedule-free-adamw.js";
import { walk } from "./walk.fixture.js";

describe("schedule-free-adamw", () => {
  it("trains y, and keeps the average x of z in its view", () => {
    const rule = scheduleFreeAdamw({
      learningRate: 0.1,
      beta1: 0.75,
      beta2: 0.75,
      epsilon: 0.01,
      weightDecay: 0.2,
      warmupSteps: 2,
      r: 1,
    });
    const { parameters, views } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // c = 1, z = 0.940249
      0.940248756218905,
      // c = 0.888889, z = 1.00755
      1.00194082203379,
      // c = 0.571429, z = 0.950628
      0.966520559131934,
    ]);
    expect(views).toBeNear([0.940248756218905, 1.00007136549394, 0.971818054873304]);
  });
});
