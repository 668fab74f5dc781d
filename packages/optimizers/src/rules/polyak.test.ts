import { describe, expect, it } from "vitest";
import { polyak } from "./polyak.js";
import { walk } from "./walk.fixture.js";

describe("polyak", () => {
  it("steps by the loss over the squared norm, and up where the loss is below its minimum", () => {
    const rule = polyak({ learningRate: 0.5, maxLearningRate: 0.3, fMin: 1, epsilon: 1 });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [3, -4],
        [6, 8],
        [0, 0.5],
      ],
      { values: [6, 0.5, 2] },
    );
    expect(parameters).toBeNear([
      // size = 0.192308
      [2.71153846153846, 4.38461538461539],
      // size = -0.0049505
      [2.72638994668698, 4.4044173648134],
      // size = 0.3
      [2.72638994668698, 4.3294173648134],
    ]);
  });

  it("stands still there in the form SPS+", () => {
    const rule = polyak({ learningRate: 0.5, maxLearningRate: 0.3, fMin: 1, epsilon: 1, variant: "sps+" });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [3, -4],
        [6, 8],
        [0, 0.5],
      ],
      { values: [6, 0.5, 2] },
    );
    expect(parameters).toBeNear([
      // size = 0.192308
      [2.71153846153846, 4.38461538461539],
      // size = 0
      [2.71153846153846, 4.38461538461539],
      // size = 0.3
      [2.71153846153846, 4.30961538461538],
    ]);
  });
});
