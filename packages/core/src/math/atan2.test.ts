import { describe, expect, it } from "vitest";
import { atan2 } from "./atan2.js";

describe("atan2", () => {
  it("is exact on the axes and the diagonals", () => {
    for (const size of [5e-324, 1, Number.MAX_VALUE, Infinity]) {
      expect(atan2(0, size)).toBe(0);
      expect(atan2(size, size)).toBe(Math.PI / 4);
      expect(atan2(size, 0)).toBe(Math.PI / 2);
      expect(atan2(size, -size)).toBe(2.356194490192345);
      expect(atan2(0, -size)).toBe(Math.PI);
      expect(atan2(-size, -size)).toBe(-2.356194490192345);
      expect(atan2(-size, -0)).toBe(-Math.PI / 2);
      expect(atan2(-size, size)).toBe(-Math.PI / 4);
    }
  });

  it("tells zeros by their signs", () => {
    expect(atan2(0, 0)).toBe(0);
    expect(atan2(-0, 0)).toBe(-0);
    expect(atan2(0, -0)).toBe(Math.PI);
    expect(atan2(-0, -0)).toBe(-Math.PI);
    expect(atan2(-0, 3)).toBe(-0);
    expect(atan2(-0, -3)).toBe(-Math.PI);
  });

  it("goes to an axis where one coordinate is infinite", () => {
    expect(atan2(2, Infinity)).toBe(0);
    expect(atan2(-2, Infinity)).toBe(-0);
    expect(atan2(2, -Infinity)).toBe(Math.PI);
    expect(atan2(-2, -Infinity)).toBe(-Math.PI);
    expect(atan2(Infinity, -2)).toBe(Math.PI / 2);
    expect(atan2(-Infinity, 2)).toBe(-Math.PI / 2);
  });

  it("has no angle for NaN", () => {
    expect(atan2(NaN, 1)).toBeNaN();
    expect(atan2(1, NaN)).toBeNaN();
    expect(atan2(NaN, NaN)).toBeNaN();
  });

  it("has what is too small to be bent as its quotient, and rounds it to 0 beyond the doubles", () => {
    expect(atan2(1e-310, 1)).toBe(1e-310);
    expect(atan2(3e-200, 4)).toBe(3e-200 / 4);
    expect(atan2(-1e-300, 1e300)).toBe(-0);
  });
});
