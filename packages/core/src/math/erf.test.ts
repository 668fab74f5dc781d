import { describe, expect, it } from "vitest";
import { erf } from "./erf.js";

describe("erf", () => {
  it("keeps the sign of zero, is odd and ends at 1", () => {
    expect(erf(0)).toBe(0);
    expect(erf(-0)).toBe(-0);
    for (let x = 1e-300; x < 10; x *= 1.3) expect(erf(-x)).toBe(-erf(x));
    for (const x of [6, 1e308, Infinity]) expect(erf(x)).toBe(1);
    expect(erf(NaN)).toBeNaN();
  });

  it("meets itself where its two polynomials meet", () => {
    const below = 1 - Number.EPSILON / 2;
    expect(Math.abs(erf(1) - erf(below))).toBeLessThanOrEqual(2 * Number.EPSILON);
  });
});
