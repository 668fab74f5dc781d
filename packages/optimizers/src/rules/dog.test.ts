import { describe, expect, it } from "vitest";
import { dog } from "./dog.js";
import { walk } from "./walk.fixture.js";

describe("dog", () => {
  it("steps by the distance so far over the root of the gradients so far", () => {
    const rule = dog({ learningRate: 2, repsRel: 0.1, epsilon: 1, weightDecay: 0.2 });
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
      // r = 0.6, G = 24.2
      [2.12183512156372, 4.78059100305447],
      // r = 1.17495, G = 145.685
      [0.87108326957824, 3.03693573186248],
      // r = 2.33662, G = 148.299
      [0.804227530483492, 2.4201000088313],
    ]);
  });
});
