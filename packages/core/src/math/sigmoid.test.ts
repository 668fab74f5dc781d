import { describe, expect, it } from "vitest";
import { exp } from "./exp.js";
import { sigmoid } from "./sigmoid.js";

describe("sigmoid", () => {
  it("is 1/2 at zero, ends at 0 and 1 and never overflows", () => {
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(-0)).toBe(0.5);
    for (const x of [40, 1e308, Infinity]) expect(sigmoid(x)).toBe(1);
    for (const x of [-750, -1e308, -Infinity]) expect(sigmoid(x)).toBe(0);
    expect(sigmoid(NaN)).toBeNaN();
  });

  it("is e^x where that is small, down to the smallest double", () => {
    for (const x of [-50, -700, -740, -745]) expect(sigmoid(x)).toBe(exp(x));
  });

  it("adds up to 1 with its mirror image", () => {
    for (let x = -30; x < 30; x += 0.17) {
      expect(Math.abs(sigmoid(x) + sigmoid(-x) - 1)).toBeLessThanOrEqual(2 * Number.EPSILON);
    }
  });
});
