import { describe, expect, it } from "vitest";
import { novograd } from "./novograd.js";
import { walk } from "./walk.fixture.js";

describe("novograd", () => {
  it("makes the steps worked by hand", () => {
    const rule = novograd({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.5, weightDecay: 0.2 });
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
      // v = 25, m = [1.14545, 0.0727273]
      [2.88545454545455, 3.99272727272727],
      // v = 43.75, m = [1.99318, 1.95939]
      [2.68613647516705, 3.79678802749546],
      // v = 33.0625, m = [1.53382, 1.89905]
      [2.53275471051996, 3.60688264432965],
    ]);
  });
});
