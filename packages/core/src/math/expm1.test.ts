import { describe, expect, it } from "vitest";
import { expm1 } from "./expm1.js";

describe("expm1", () => {
  it("returns what is too small to change, zeros with their sign", () => {
    for (const x of [0, -0, 5e-324, -1e-310, 1e-17]) expect(expm1(x)).toBe(x);
  });

  it("ends at -1 and at infinity", () => {
    expect(expm1(-40)).toBe(-1);
    expect(expm1(-Infinity)).toBe(-1);
    expect(expm1(710)).toBe(Infinity);
    expect(expm1(Infinity)).toBe(Infinity);
    expect(expm1(NaN)).toBeNaN();
  });
});
