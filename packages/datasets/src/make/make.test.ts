import { describe, expect, test } from "vitest";
import { leastSquares, rowsOf } from "../test-support/least-squares.js";
import { makeBlobs } from "./make-blobs.js";
import { makeCircles } from "./make-circles.js";
import { makeMoons } from "./make-moons.js";
import { makeRegression } from "./make-regression.js";
import { makeSpiral } from "./make-spiral.js";

const makers = { makeBlobs, makeCircles, makeMoons, makeSpiral };

describe.each(Object.entries(makers))("%s", (_, make) => {
  test("makes as many points of each class, in the plane", () => {
    const { values, info, rows } = make({ rows: 101 });
    expect(rows).toBe(101);
    expect(values.x.shape).toEqual([101, 2]);
    expect(info.classes).toEqual(["0", "1"]);
    expect(values.y.data.filter((label) => label === 0)).toHaveLength(51);
  });

  test("depends on the seed alone", () => {
    expect(make({ seed: 3 }).fingerprint).toBe(make({ seed: 3 }).fingerprint);
    expect(make({ seed: 3 }).fingerprint).not.toBe(make({ seed: 4 }).fingerprint);
  });

  test("rejects counts that cannot be", () => {
    expect(() => make({ rows: 1 })).toThrow("rows is 1, expected a whole number from 2");
  });
});

/** Largest distance of a point from where its class lies. */
function worst(
  points: { values: { x: { data: Float64Array }; y: { data: Float64Array } } },
  off: (x: number, y: number, label: number) => number,
) {
  const { x, y } = points.values;
  return Math.max(
    ...y.data.map((label, row) => Math.abs(off(x.data[2 * row]!, x.data[2 * row + 1]!, label))),
  );
}

test("circles have radius 1 and 0.5", () => {
  expect(
    worst(makeCircles({ noise: 0 }), (x, y, label) => Math.hypot(x, y) - (label === 0 ? 1 : 0.5)),
  ).toBeLessThan(1e-12);
});

test("moons are half circles around (0, 0) and (1, 0.5)", () => {
  const off = (x: number, y: number, label: number) => Math.hypot(x - label, y - label / 2) - 1;
  expect(worst(makeMoons({ noise: 0 }), off)).toBeLessThan(1e-12);
  const side = (_: number, y: number, label: number) => Math.min(0, label === 0 ? y : 0.5 - y);
  expect(worst(makeMoons({ noise: 0 }), side)).toBeLessThan(1e-12);
});

test("a spiral's arms wind by one and a half turns, half a turn apart", () => {
  const off = (x: number, y: number, label: number) => {
    const radius = Math.hypot(x, y);
    const angle = 3 * Math.PI * radius + label * Math.PI;
    return Math.hypot(x - radius * Math.cos(angle), y - radius * Math.sin(angle));
  };
  expect(worst(makeSpiral({ noise: 0 }), off)).toBeLessThan(1e-9);
});

test("noise has the standard deviation asked for", () => {
  const { values } = makeCircles({ rows: 4000, noise: 0.1 });
  const clean = makeCircles({ rows: 4000, noise: 0 }).values;
  const differences = values.x.data.map((value, i) => value - clean.x.data[i]!);
  const deviation = Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) / differences.length);
  expect(deviation).toBeGreaterThan(0.095);
  expect(deviation).toBeLessThan(0.105);
});

test("blobs lie around their centres, in as many features and classes as asked for", () => {
  const { values, info } = makeBlobs({ rows: 3000, features: 3, classes: 12, spread: 0 });
  expect(info.classes).toEqual([..."0123456789", "10", "11"]);
  const points = new Set(rowsOf(values.x.data, 3).map((row, i) => `${values.y.data[i]}: ${row}`));
  expect(points.size).toBe(12);
  const spread = makeBlobs({ rows: 4000, features: 1, classes: 1, spread: 2 }).values.x.data;
  const mean = spread.reduce((a, b) => a + b) / spread.length;
  const deviation = Math.sqrt(spread.reduce((sum, value) => sum + (value - mean) ** 2, 0) / spread.length);
  expect(Math.abs(deviation - 2)).toBeLessThan(0.1);
});

test("a regression is made of the weights it tells", () => {
  const { samples, weights, intercept } = makeRegression({ rows: 50, features: 4, noise: 0, seed: 7 });
  const fit = leastSquares(rowsOf(samples.values.x.data, 4), samples.values.y.data);
  fit.weights.forEach((w, j) => {
    expect(w).toBeCloseTo(weights[j]!, 9);
  });
  expect(fit.intercept).toBeCloseTo(intercept, 9);
  const noisy = makeRegression({ rows: 50, features: 4, noise: 0.5, seed: 7 });
  expect(noisy.weights).toEqual(weights);
  expect(noisy.samples.fingerprint).not.toBe(samples.fingerprint);
});

test("rejects noise and spread below 0", () => {
  expect(() => makeRegression({ noise: -1 })).toThrow("regression: noise is -1, expected a number from 0");
  expect(() => makeMoons({ noise: Number.NaN })).toThrow("moons: noise is NaN");
  expect(() => makeBlobs({ spread: -1 })).toThrow("blobs: spread is -1");
  expect(() => makeBlobs({ features: 0 })).toThrow("blobs: features is 0");
});
