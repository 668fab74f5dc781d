import { describe, expect, it } from "vitest";
import { tanh } from "./tanh.js";

describe("tanh", () => {
  it("keeps what is too small to change, zeros with their sign", () => {
    for (const x of [0, -0, 5e-324, -1e-310, 1e-9]) expect(tanh(x)).toBe(x);
  });

  it("is odd and ends at 1", () => {
    for (let x = 0.01; x < 25; x *= 1.1) expect(tanh(-x)).toBe(-tanh(x));
    for (const x of [20, 1e308, Infinity]) expect(tanh(x)).toBe(1);
    expect(tanh(NaN)).toBeNaN();
  });
});
