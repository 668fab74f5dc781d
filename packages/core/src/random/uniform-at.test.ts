import { describe, expect, it } from "vitest";
import { chiSquareDeviation } from "./chi-square.fixture.js";
import { uniform53At, uniformAt } from "./uniform-at.js";

describe("uniformAt", () => {
  it("is the upper 24 bits of the word, exact in float32", () => {
    expect(uniformAt(0, 0)).toBe(0x6627e8 / 2 ** 24);
    for (let i = 0; i < 1000; i++) {
      const u = uniformAt(9, i);
      expect(Math.fround(u)).toBe(u);
      expect(u >= 0 && u < 1).toBe(true);
    }
  });

  it("fills its interval evenly, also in pairs", () => {
    const single = new Uint32Array(256);
    const pairs = new Uint32Array(256);
    for (let i = 0; i < 200000; i++) {
      const u = uniformAt(20260101, i);
      single[Math.floor(256 * u)]!++;
      pairs[Math.floor(16 * u) + 16 * Math.floor(16 * uniformAt(20260101, i + 1))]!++;
    }
    expect(Math.abs(chiSquareDeviation(single))).toBeLessThan(4);
    expect(Math.abs(chiSquareDeviation(pairs))).toBeLessThan(4);
  });
});

describe("uniform53At", () => {
  it("is made of the upper 27 and 26 bits of two words", () => {
    expect(uniform53At(0, 0)).toBe(((0x6627e8d5 >>> 5) * 2 ** 26 + (0xe169c58d >>> 6)) / 2 ** 53);
  });

  it("fills its interval evenly in the bits that float32 has not", () => {
    const counts = new Uint32Array(256);
    for (let i = 0; i < 100000; i++) counts[Math.floor(uniform53At(3, 2 * i) * 2 ** 53) % 256]!++;
    expect(Math.abs(chiSquareDeviation(counts))).toBeLessThan(4);
  });
});
