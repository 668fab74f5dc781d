import { describe, expect, it } from "vitest";
import { dadaptAdam } from "./dadapt-adam.js";
import { walk } from "./walk.fixture.js";

describe("dadapt-adam", () => {
  it("raises its estimate d while the gradients go on", () => {
    const rule = dadaptAdam({
      learningRate: 0.5,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      weightDecay: 0.2,
      d0: 0.1,
      growthRate: 1.5,
      decoupled: true,
    });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [2, -1],
        [1, -2],
        [1, -1],
      ],
    );
    expect(parameters).toBeNear([
      // r = 0, s = [0.0133975, -0.00669873], d = 0.1
      [2.92049504950495, 4.00901960784314],
      // r = 0.00026483, s = [0.0183013, -0.0191987], d = 0.1
      [2.84178514851485, 4.02576181532949],
      // r = 0.000467676, s = [0.0225481, -0.0233253], d = 0.1
      [2.76386234653465, 4.03768413740921],
    ]);
  });
});
