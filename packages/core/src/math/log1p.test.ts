import { describe, expect, it } from "vitest";
import { expm1 } from "./expm1.js";
import { log1p } from "./log1p.js";

describe("log1p", () => {
  it("returns what is too small to change, zeros with their sign", () => {
    for (const x of [0, -0, 5e-324, -1e-310, 1e-17]) expect(log1p(x)).toBe(x);
  });

  it("has the limits of a logarithm", () => {
    expect(log1p(-1)).toBe(-Infinity);
    expect(log1p(Infinity)).toBe(Infinity);
    for (const x of [-1.0000000000000002, -Infinity, NaN]) expect(log1p(x)).toBeNaN();
  });

  it("undoes expm1 near zero to a few units in the last place", () => {
    for (let x = 1e-15; x < 0.5; x *= 1.7) {
      for (const y of [x, -x]) expect(Math.abs(log1p(expm1(y)) / y - 1)).toBeLessThan(4 * Number.EPSILON);
    }
  });
});
