import { describe, expect, it } from "vitest";
import { madgrad } from "./madgrad.js";
import { walk } from "./walk.fixture.js";

describe("madgrad", () => {
  it("makes the steps worked by hand", () => {
    const rule = madgrad({ learningRate: 0.1, momentum: 0.5, epsilon: 0.01, weightDecay: 0.2 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // s = 0.242, ν = 0.5324, z = 0.705053
      0.85252659656125,
      // s = 0.0351792, ν = 0.807367, z = 0.962621
      0.907574013763447,
      // s = 0.165025, ν = 0.895859, z = 0.830571
      0.869072381430278,
    ]);
  });
});
