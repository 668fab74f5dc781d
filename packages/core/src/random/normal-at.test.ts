import { describe, expect, it } from "vitest";
import { erf } from "../math/erf.js";
import { normalAt } from "./normal-at.js";

describe("normalAt", () => {
  it("is the transform of Box and Muller of two uniforms", () => {
    const radius = Math.sqrt(-2 * Math.log(1 - 0x6627e8 / 2 ** 24));
    const angle = (2 * Math.PI * 0xe169c5) / 2 ** 24;
    expect(normalAt(0, 0)).toBeCloseTo(radius * Math.cos(angle), 13);
    expect(normalAt(0, 1)).toBeCloseTo(radius * Math.sin(angle), 13);
  });

  it("has the moments, the tails and the independence of neighbours of a standard normal", () => {
    const n = 200000;
    const moments = [0, 0, 0, 0, 0];
    const beyond = [0, 0, 0];
    let neighbours = 0;
    let previous = 0;
    for (let i = 0; i < n; i++) {
      const z = normalAt(42, i);
      for (let k = 1; k <= 4; k++) moments[k]! += z ** k / n;
      for (let s = 1; s <= 3; s++) if (Math.abs(z) > s) beyond[s - 1]!++;
      neighbours += (z * previous) / n;
      previous = z;
    }
    // Four standard deviations of each mean: var z^k is 1, 2, 15, 96.
    const four = (variance: number) => 4 * Math.sqrt(variance / n);
    expect(Math.abs(moments[1]!)).toBeLessThan(four(1));
    expect(Math.abs(moments[2]! - 1)).toBeLessThan(four(2));
    expect(Math.abs(moments[3]!)).toBeLessThan(four(15));
    expect(Math.abs(moments[4]! - 3)).toBeLessThan(four(96));
    expect(Math.abs(neighbours)).toBeLessThan(four(1));
    beyond.forEach((count, s) => {
      const p = 1 - erf((s + 1) / Math.SQRT2);
      expect(Math.abs(count / n - p)).toBeLessThan(four(p * (1 - p)));
    });
  });
});
