import { describe, expect, it } from "vitest";
import { rprop } from "./rprop.js";
import { walk } from "./walk.fixture.js";

describe("rprop", () => {
  it("moves by 0.1, 0.12, 0.144, 0 and 0.072", () => {
    const rule = rprop({ learningRate: 0.1 });
    const { parameters } = walk(rule, 0, [1, 1, 1, -1, 1]);
    expect(parameters).toBeNear([
      // η = 0.1
      -0.1,
      // η = 0.12
      -0.22,
      // η = 0.144
      -0.364,
      // η = 0.072
      -0.364,
      // η = 0.072
      -0.436,
    ]);
  });
});
