import { describe, expect, it, vi } from "vitest";
import { pow } from "./pow.js";

const values = [
  NaN,
  0,
  0.5,
  1,
  1.5,
  2,
  3,
  1e-300,
  1e300,
  4503599627370495.5,
  9007199254740991,
  1e17,
  Infinity,
];
const signed = values.flatMap((x) => [x, -x]);

describe("pow", () => {
  it("has Math.pow's special cases", () => {
    for (const x of signed) {
      for (const y of signed) {
        const expected = x ** y;
        // Where Math.pow neither rounds nor approximates there is nothing of its own to differ in.
        if (!Number.isFinite(expected) || expected === 0 || Math.abs(expected) === 1) {
          expect(pow(x, y), `pow(${x}, ${y})`).toBe(expected);
        } else {
          expect(Math.sign(pow(x, y)), `sign of pow(${x}, ${y})`).toBe(Math.sign(expected));
        }
      }
    }
  });

  it("is exact where the result is a double", () => {
    for (let k = -1074, expected = 5e-324; k <= 1023; k++, expected *= 2) expect(pow(2, k)).toBe(expected);
    for (let k = 0, expected = 1; k <= 33; k++, expected *= 3) expect(pow(3, k)).toBe(expected);
    for (let k = 0, expected = 1; k <= 22; k++, expected *= 10) expect(pow(10, k)).toBe(expected);
    for (const x of [5e-324, 1e-310, 0.1, Math.PI, 1.7976931348623157e308]) expect(pow(x, 1)).toBe(x);
    expect(pow(-3, 3)).toBe(-27);
    expect(pow(1.5, -1)).toBe(2 / 3);
    expect(pow(6.25, 0.5)).toBe(2.5);
  });

  it("does not depend on the powers taken before", async () => {
    const bases = [0.9, 0.999, 0.99, 0.5, 0.25, 3, 1e-310, 5e-324, 1e300, Math.fround(0.9)];
    const powers = (list: readonly number[], of: typeof pow) => list.map((x) => [of(x, 7), of(x, -0.3)]);
    const alone = [];
    for (const x of bases) {
      // A module just loaded has no past.
      vi.resetModules();
      alone.push(...powers([x], (await import("./pow.js")).pow));
    }
    expect(powers(bases, pow)).toEqual(alone);
    expect(powers([...bases].reverse(), pow)).toEqual([...alone].reverse());
    expect(powers(bases, pow)).toEqual(alone);
  });

  it("overflows and vanishes for huge exponents however near to 1 the base", () => {
    const above = 1 + Number.EPSILON;
    const below = 1 - Number.EPSILON / 2;
    for (const y of [1e19, 1e20, 1e300]) {
      expect(pow(above, y)).toBe(Infinity);
      expect(pow(above, -y)).toBe(0);
      expect(pow(below, y)).toBe(0);
      expect(pow(below, -y)).toBe(Infinity);
      expect(pow(1, y)).toBe(1);
      expect(pow(-1, y)).toBe(1);
    }
  });
});
