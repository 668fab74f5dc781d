import { bind, chain, tensor } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { gradientDescent } from "../rules/gradient-descent.js";
import { noise } from "./noise.js";

/** The noise that two parameters of 10 000 elements get in each of some steps. */
function draws(steps: number, transform = noise(0.3)) {
  const start = { a: new Float64Array(10_000), b: tensor(new Float64Array(10_000), [100, 100]) };
  const stepper = bind(chain(transform, gradientDescent({ learningRate: 1 })), start);
  return Array.from({ length: steps }, () => {
    stepper.parameters.a.fill(0);
    stepper.parameters.b.data.fill(0);
    stepper.step();
    return { a: stepper.parameters.a.slice(), b: stepper.parameters.b.data.slice() };
  });
}

const mean = (x: Float64Array) => x.reduce((sum, y) => sum + y, 0) / x.length;
const correlation = (x: Float64Array, y: Float64Array) =>
  mean(x.map((_, i) => x[i]! * y[i]!)) / Math.sqrt(mean(x.map((v) => v * v)) * mean(y.map((v) => v * v)));

describe("noise", () => {
  it("has mean 0 and variance η / t^γ", () => {
    draws(3, noise(0.3, { gamma: 0.7 })).forEach(({ a }, i) => {
      const variance = 0.3 / (i + 1) ** 0.7;
      expect(Math.abs(mean(a))).toBeLessThan(4 * Math.sqrt(variance / a.length));
      // The standard error of a variance of n normal numbers is its √(2/n)-th part.
      expect(Math.abs(mean(a.map((x) => x * x)) / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / a.length));
    });
  });

  it("is independent from parameter to parameter and from step to step, and the same in every run", () => {
    const [first, second] = draws(2);
    for (const [x, y] of [
      [first!.a, first!.b],
      [first!.a, second!.a],
      [first!.b, second!.b],
    ] as const) {
      expect(Math.abs(correlation(x, y))).toBeLessThan(4 / Math.sqrt(x.length));
    }
    expect(draws(2)).toEqual([first, second]);
  });

  it("is that of the seed, 0 by default", () => {
    const drawn = (options?: { readonly seed: number }) => {
      const stepper = bind(chain(noise(0.3), gradientDescent()), { w: new Float64Array(4) }, options);
      stepper.step();
      return stepper.parameters.w.slice();
    };
    expect(drawn({ seed: 0 })).toEqual(drawn());
    expect(drawn({ seed: 7 })).toEqual(drawn({ seed: 7 }));
    expect(drawn({ seed: 7 })).not.toEqual(drawn());
  });
});
