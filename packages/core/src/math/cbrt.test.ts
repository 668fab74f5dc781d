import { describe, expect, it } from "vitest";
import { cbrt } from "./cbrt.js";

describe("cbrt", () => {
  it("keeps zeros with their sign, infinities and NaN", () => {
    for (const x of [0, -0, Infinity, -Infinity]) expect(cbrt(x)).toBe(x);
    expect(cbrt(NaN)).toBeNaN();
  });

  it("is exact where the root is an integer, at every magnitude, and odd", () => {
    for (let n = 1; n < 200000; n = Math.ceil(n * 1.1)) {
      for (const scale of [-341, -1, 0, 320]) {
        expect(cbrt(n * n * n * 2 ** (3 * scale))).toBe(n * 2 ** scale);
        expect(cbrt(-n * n * n * 2 ** (3 * scale))).toBe(-n * 2 ** scale);
      }
    }
  });

  it("reaches the smallest and the largest double", () => {
    expect(cbrt(2 ** -1074)).toBe(2 ** -358);
    expect(cbrt(Number.MAX_VALUE)).toBe(5.643803094122362e102);
  });

  it("never decreases, also from one power of 8 to the next", () => {
    let previous = 0;
    for (let x = 0.9; x < 9; x += 1 / 4096) {
      const y = cbrt(x);
      expect(y).toBeGreaterThanOrEqual(previous);
      previous = y;
    }
  });
});
