import fc from "fast-check";
import { expect, test } from "vitest";
import { createPoints } from "./points.js";

test("keeps every point while there is room", () => {
  const points = createPoints(8);
  for (let i = 0; i < 8; i++) points.push(i, i * i);
  expect(points.x).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(points.y).toEqual([0, 1, 4, 9, 16, 25, 36, 49]);
});

test("thinned, it keeps to its capacity, its order, its extremes, its first and its last point", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 500 }),
      (values) => {
        const points = createPoints(16);
        values.forEach((value, i) => {
          points.push(i, value);
        });
        expect(points.x.length).toBeLessThanOrEqual(16);
        expect(points.x).toEqual([...points.x].sort((a, b) => a - b));
        expect(points.y).toEqual(points.x.map((x) => values[x]));
        expect(Math.min(...points.y)).toBe(Math.min(...values));
        expect(Math.max(...points.y)).toBe(Math.max(...values));
        expect(points.x[0]).toBe(0);
        expect(points.x.at(-1)).toBe(values.length - 1);
      },
    ),
  );
});

test("losses that are not finite push no others out", () => {
  const points = createPoints(8);
  for (let i = 0; i < 64; i++) points.push(i, i % 4 === 1 ? Number.NaN : i);
  expect(points.y.filter((y) => Number.isFinite(y)).at(-1)).toBe(63);
});
