import { describe, expect, it } from "vitest";
import { adadelta } from "./adadelta.js";
import { walk } from "./walk.fixture.js";

describe("adadelta", () => {
  it("makes the steps worked by hand", () => {
    const rule = adadelta({ learningRate: 0.1, rho: 0.5, epsilon: 0.25 });
    const { parameters } = walk(rule, 1, [2, -1.5, 0.5]);
    expect(parameters).toBeNear([
      // a = 2, d = 0.666667, u = 0.222222
      0.933333333333333,
      // a = 2.125, d = -0.668856, u = 0.334795
      1.00021893873933,
      // a = 1.1875, d = 0.31891, u = 0.218249
      0.968327947190331,
    ]);
  });
});
