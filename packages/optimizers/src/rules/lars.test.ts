import { describe, expect, it } from "vitest";
import { lars } from "./lars.js";
import { walk } from "./walk.fixture.js";

describe("lars", () => {
  it("makes the steps worked by hand", () => {
    const rule = lars({
      learningRate: 0.5,
      momentum: 0.5,
      weightDecay: 0.2,
      trustCoefficient: 0.1,
      epsilon: 0.5,
    });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [3, -4],
        [6, 8],
        [0, 1],
      ],
    );
    expect(parameters).toBeNear([
      // ratio = 0.0769231, d = [0.276923, -0.246154], b = [0.276923, -0.246154]
      [2.86153846153846, 4.12307692307692],
      // ratio = 0.0436273, d = [0.286732, 0.384994], b = [0.425194, 0.261917]
      [2.64894158577442, 3.99211819662969],
      // ratio = 0.194899, d = [0.103255, 0.350511], b = [0.315852, 0.48147]
      [2.49101546931043, 3.75138310465775],
    ]);
  });
});
