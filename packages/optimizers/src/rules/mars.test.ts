import { describe, expect, it } from "vitest";
import { mars } from "./mars.js";
import { walk } from "./walk.fixture.js";

describe("mars", () => {
  it("adds the change of the gradient, cut to length 1", () => {
    const rule = mars({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      gamma: 0.2,
      weightDecay: 0.2,
      optimize1d: true,
    });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [0.3, -0.4],
        [0.5, 0.2],
        [2, -1],
      ],
    );
    expect(parameters).toBeNear([
      // c = [0.3, -0.4], m = [0.15, -0.2]
      [2.84322580645161, 4.01756097560976],
      // c = [0.54, 0.32], m = [0.345, 0.06]
      [2.68700710679578, 3.91538110645259],
      // c = [0.880225, -0.474556], m = [0.612613, -0.207278]
      [2.53060073009305, 3.89324537390838],
    ]);
  });

  it("moves by the sign in the Lion form", () => {
    const rule = mars({
      learningRate: 0.1,
      beta1: 0.5,
      beta2: 0.75,
      epsilon: 0.01,
      gamma: 0.2,
      weightDecay: 0.2,
      optimize1d: true,
      variant: "lion",
    });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [0.3, -0.4],
        [0.5, 0.2],
        [2, -1],
      ],
    );
    expect(parameters).toBeNear([
      // c = [0.3, -0.4], m = [0.15, -0.2]
      [2.84, 4.02],
      // c = [0.54, 0.32], m = [0.345, 0.06]
      [2.6832, 3.8396],
      // c = [0.880225, -0.474556], m = [0.612613, -0.207278]
      [2.529536, 3.862808],
    ]);
  });
});
