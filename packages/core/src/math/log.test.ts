import { describe, expect, it } from "vitest";
import { exp } from "./exp.js";
import { log } from "./log.js";

describe("log", () => {
  it("has the limits of a logarithm", () => {
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(-Infinity);
    expect(log(-0)).toBe(-Infinity);
    expect(log(Infinity)).toBe(Infinity);
    for (const x of [-5e-324, -1, -Infinity, NaN]) expect(log(x)).toBeNaN();
  });

  it("undoes exp to the rounding of exp's result", () => {
    for (let x = -700; x < 700; x += 0.37) {
      expect(Math.abs(log(exp(x)) - x)).toBeLessThanOrEqual(Number.EPSILON * (1 + Math.abs(x)));
    }
  });
});
