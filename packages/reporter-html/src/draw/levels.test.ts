import { expect, test } from "vitest";
import { levelsOf } from "./levels.js";

test("levels ascend within the heights, narrow in the valley, of two digits", () => {
  const z = Array.from(
    { length: 10_000 },
    (_, i) => ((i % 100) - 50) ** 2 + 30 * (Math.floor(i / 100) - 50) ** 2,
  );
  const levels = levelsOf(z, 10);
  expect(levels.length).toBe(10);
  expect(levels.map((level) => Number(level.toPrecision(2)))).toEqual(levels);
  const gaps = levels.slice(1).map((level, i) => level - levels[i]!);
  for (let i = 1; i < gaps.length; i++) expect(gaps[i]!).toBeGreaterThan(gaps[i - 1]!);
});

test("flat ground and no ground have no levels", () => {
  expect(levelsOf([2, 2, 2], 5)).toEqual([]);
  expect(levelsOf([Number.NaN, Number.POSITIVE_INFINITY], 5)).toEqual([]);
});
