import { expect, test } from "vitest";
import { bandOf, levelsOf } from "./levels.js";

const bowl = Array.from({ length: 101 * 101 }, (_, i) => {
  const [x, y] = [(i % 101) / 50 - 1, Math.floor(i / 101) / 50 - 1];
  return x * x + y * y;
});

test("levels ascend within the heights and are closer together in the valley", () => {
  const levels = levelsOf(bowl, 8);
  expect(levels).toHaveLength(8);
  expect(levels).toEqual([...levels].sort((a, b) => a - b));
  expect(levels[0]).toBeGreaterThan(0);
  expect(levels.at(-1)).toBeLessThan(2);
  expect(levels[1]! - levels[0]!).toBeLessThan(levels[7]! - levels[6]!);
});

test("levels do not depend on how far the landscape lies from 0, but for rounding", () => {
  const near = levelsOf(bowl, 8);
  const far = levelsOf(
    bowl.map((z) => z + 1000),
    8,
  );
  expect(far).toHaveLength(8);
  far.forEach((level, i) => {
    expect(Math.abs(level - 1000 - near[i]!)).toBeLessThanOrEqual(0.051 * near[i]! + 0.006);
  });
});

test("a flat landscape, or one that is nowhere finite, has none", () => {
  expect(levelsOf([3, 3, 3], 5)).toEqual([]);
  expect(levelsOf([Number.NaN, Number.POSITIVE_INFINITY], 5)).toEqual([]);
});

test("a level begins its band", () => {
  expect([0.5, 1, 1.5, 2, 3].map((value) => bandOf([1, 2], value))).toEqual([0, 1, 1, 2, 2]);
});
