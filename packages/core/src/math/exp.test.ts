import { describe, expect, it } from "vitest";
import { exp } from "./exp.js";

describe("exp", () => {
  it("is exact where the result is", () => {
    expect(exp(0)).toBe(1);
    expect(exp(-0)).toBe(1);
    expect(exp(Infinity)).toBe(Infinity);
    expect(exp(-Infinity)).toBe(0);
    expect(exp(NaN)).toBeNaN();
  });

  it("reaches the largest and the smallest double and not beyond", () => {
    expect(exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.1332191019412)).toBe(0);
    expect(exp(1e308)).toBe(Infinity);
    expect(exp(-1e308)).toBe(0);
  });

  it("never decreases, also across the steps of its table", () => {
    let previous = 0;
    for (let x = -2; x < 2; x += 1 / 8192) {
      const y = exp(x);
      expect(y).toBeGreaterThan(previous);
      previous = y;
    }
  });
});
