import { describe, expect, it } from "vitest";
import { adamax } from "./adamax.js";
import { walk } from "./walk.fixture.js";

describe("adamax", () => {
  it("keeps the largest decayed gradient, epsilon included", () => {
    const rule = adamax({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1, u = 2.01
      0.900497512437811,
      // m = -0.25, u = 1.51
      0.922572567625449,
      // m = 0.125, u = 1.1325
      0.90995825037537,
    ]);
  });

  it("adds epsilon to the largest gradient as Keras", () => {
    const rule = adamax({ learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01, compat: "keras" });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // m = 1, u = 2
      0.900497512437811,
      // m = -0.25, u = 1.5
      0.922572567625449,
      // m = 0.125, u = 1.125
      0.909986035215128,
    ]);
  });
});
