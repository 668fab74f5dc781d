import { describe, expect, it } from "vitest";
import { fromage } from "./fromage.js";
import { walk } from "./walk.fixture.js";

describe("fromage", () => {
  it("moves by a fixed share of the norm, which the division by 1.25 keeps", () => {
    const rule = fromage({ learningRate: 0.75 });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [0, 2],
        [3, -4],
        [0, 0],
      ],
    );
    expect(parameters).toBeNear([
      // ratio = 2.5
      [2.4, 0.2],
      // ratio = 0.481664
      [1.05300519032695, 1.31599307956406],
      // ratio = 1
      [0.842404152261564, 1.05279446365125],
    ]);
  });
});
