import { describe, expect, it } from "vitest";
import { scheduleFreeSgd } from "./schedule-free-sgd.js";
import { walk } from "./walk.fixture.js";

describe("schedule-free-sgd", () => {
  it("trains y, and keeps the average x of z in its view", () => {
    const rule = scheduleFreeSgd({
      learningRate: 0.1,
      momentum: 0.75,
      weightDecay: 0.2,
      warmupSteps: 2,
      r: 1,
    });
    const { parameters, views } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // c = 1, z = 0.89
      0.89,
      // c = 0.888889, z = 1.0222
      1.01118333333333,
      // c = 0.571429, z = 0.951976
      0.969826797619048,
    ]);
    expect(views).toBeNear([0.89, 1.00751111111111, 0.975776952380952]);
  });
});
