import { describe, expect, it } from "vitest";
import { constant } from "../expr/tensor.js";
import { random } from "../index.js";
import { uniform32 } from "../random/index.js";
import { noise } from "./noise.js";

const key = 20260101;
const keyValues = { shape: [], data: Float64Array.of(key) };

describe("normal", () => {
  const n = 20000;

  it("is independent of every stream of uniforms", () => {
    for (let stream = 0; stream < 3; stream++) {
      const z = noise.normal.value([keyValues], { shape: [n], stream }, [n]);
      for (let other = 0; other < 8; other++) {
        // A normal's square falls with the first of its uniforms and swings with the second.
        let [first, second] = [0, 0];
        for (let i = 0; i < n; i++) {
          const u = uniform32(key, other, i);
          first += ((z[i]! ** 2 - 1) / Math.SQRT2) * (u - 0.5) * Math.sqrt(12);
          second += z[i]! * Math.SQRT2 * Math.cos(2 * Math.PI * u);
        }
        // Sums of n products of variance 1.
        expect(Math.abs(first)).toBeLessThan(5 * Math.sqrt(n));
        expect(Math.abs(second)).toBeLessThan(5 * Math.sqrt(n));
      }
    }
  });

  it("is the transform of Box and Muller of uniforms 2^31 + 2s and 2^31 + 2s + 1", () => {
    const stream = 2 ** 30 - 1;
    const z = noise.normal.value([keyValues], { shape: [4], stream }, [4]);
    z.forEach((value, i) => {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform32(key, 0xfffffffe, i)));
      expect(value).toBeCloseTo(radius * Math.cos(2 * Math.PI * uniform32(key, 0xffffffff, i)), 13);
    });
  });
});

describe("a stream", () => {
  it("is refused where it would be another's", () => {
    const source = constant(key);
    expect(() => random.uniform(source, [2], 2 ** 31)).toThrow(
      "random.uniform: the stream is 2147483648; expected a whole number from 0 to 2147483647.",
    );
    expect(() => random.normal(source, [2], 2 ** 30)).toThrow("from 0 to 1073741823");
    expect(() => random.normal(source, [2], 0.5)).toThrow("random.normal: the stream is 0.5");
  });
});
