import { describe, expect, it } from "vitest";
import { lamb } from "./lamb.js";
import { walk } from "./walk.fixture.js";

describe("lamb", () => {
  it("makes the steps worked by hand", () => {
    const rule = lamb({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, weightDecay: 0.2 });
    const { parameters } = walk(
      rule,
      [3, 4],
      [
        [2, -1],
        [0, 4],
        [-1, 1],
      ],
    );
    expect(parameters).toBeNear([
      // u = [1.59502, -0.190099], ratio = 3.11272
      [2.50351372654609, 4.05917246210735],
      // u = [1.00602, 1.56361], ratio = 2.56503
      [2.24546739273811, 3.65810300407095],
      // u = [0.210102, 1.37783], ratio = 3.07965
      [2.18076338208798, 3.23377788696354],
    ]);
  });
});
