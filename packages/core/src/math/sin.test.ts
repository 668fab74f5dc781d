import { describe, expect, it } from "vitest";
import { uniformAt } from "../random/uniform-at.js";
import { cos } from "./cos.js";
import { sin } from "./sin.js";

describe("sin and cos", () => {
  it("keep small angles, zeros with their sign, and refuse what is no angle", () => {
    for (const x of [0, -0, 5e-324, -1e-310, 1e-9]) {
      expect(sin(x)).toBe(x);
      expect(cos(x)).toBe(1);
    }
    for (const x of [Infinity, -Infinity, NaN]) {
      expect(sin(x)).toBeNaN();
      expect(cos(x)).toBeNaN();
    }
  });

  it("are odd and even, and on the unit circle, at every magnitude", () => {
    for (let i = 0, x = 1e-3; x < 1e308; i++, x *= 1.5 + uniformAt(1, i)) {
      expect(sin(-x)).toBe(-sin(x));
      expect(cos(-x)).toBe(cos(x));
      expect(Math.abs(sin(x) * sin(x) + cos(x) * cos(x) - 1)).toBeLessThan(4 * Number.EPSILON);
    }
  });

  it("agree where one way of reduction takes over from the other", () => {
    // Around 2^17 and around multiples of pi/2, against the angle sum, in which a + b is exact.
    for (const a of [131072, 20 * Math.PI, -31 * Math.PI]) {
      for (let b = -0.125; b <= 0.125; b += 0.000244140625) {
        expect(Math.abs(sin(a + b) - (sin(a) * cos(b) + cos(a) * sin(b)))).toBeLessThan(8 * Number.EPSILON);
      }
    }
  });
});
