import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, partsFor } from "./parts.js";

describe("parts", () => {
  it("cover a length, are even in number and not more than wanted, and leave less than two of them", () => {
    const any = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(
        any,
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 64 }),
        (length, wanted, multiple) => {
          const made = cut(length, wanted, multiple);
          if (!made) return length < 2 * multiple || wanted < 2;
          const { parts, each, rest } = made;
          expect(parts * each + rest).toBe(length);
          expect(parts % 2).toBe(0);
          expect(parts).toBeGreaterThan(0);
          expect(parts).toBeLessThanOrEqual(wanted);
          expect(each % multiple).toBe(0);
          expect(each).toBeGreaterThan(0);
          expect(rest).toBeLessThan(2 * each);
          return true;
        },
      ),
    );
  });

  it("have no rest where about as many without one do", () => {
    expect(cut(784, 24, 8)).toEqual({ parts: 14, each: 56, rest: 0 });
    expect(cut(784, 8, 8)).toEqual({ parts: 8, each: 96, rest: 16 });
    expect(cut(101, 64, 1)).toEqual({ parts: 50, each: 2, rest: 1 });
    expect(cut(1 << 20, 64, 64)).toEqual({ parts: 64, each: 1 << 14, rest: 0 });
  });

  it("are one for little work", () => {
    expect([0, 199, 200, 399, 400, 1e9].map((operations) => partsFor(operations, 100))).toEqual([
      1, 1, 2, 2, 4, 64,
    ]);
  });
});
