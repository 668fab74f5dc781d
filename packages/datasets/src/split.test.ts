import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitIndices } from "./split.js";

const shares = fc
  .record(
    {
      test: fc.double({ min: 0.01, max: 0.6, noNaN: true }),
      validation: fc.double({ min: 0.01, max: 0.35, noNaN: true }),
    },
    { requiredKeys: [] },
  )
  .filter(({ test, validation }) => test !== undefined || validation !== undefined);
const seed = fc.nat();

function countsOf(indices: Uint32Array, y: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const row of indices) counts[y[row]!]!++;
  return counts;
}

test("the parts are all rows, once each, in the sizes asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 200 }), shares, seed, (rows, parts, s) => {
      const { train, validation, test } = splitIndices(new Float64Array(rows), undefined, {
        ...parts,
        seed: s,
      });
      expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual([...Array(rows).keys()]);
      const size = (share: number | undefined) =>
        share === undefined ? 0 : Math.max(1, Math.round(share * rows));
      expect(test.length).toBe(size(parts.test));
      // The training part keeps a row.
      expect(validation.length).toBe(Math.min(size(parts.validation), rows - test.length - 1));
    }),
  );
});

test("stratified parts have each class's share to within a row", () => {
  const labels = fc.array(fc.nat({ max: 3 }), { minLength: 20, maxLength: 200 });
  fc.assert(
    fc.property(labels, shares, seed, (y, parts, s) => {
      const classes = ["a", "b", "c", "d"];
      const { train, validation, test } = splitIndices(y, classes, { ...parts, stratify: true, seed: s });
      expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual([...y.keys()]);
      const all = countsOf(Uint32Array.from(y.keys()), y, 4);
      const inTrain = countsOf(train, y, 4);
      for (const [indices, share] of [
        [test, parts.test],
        [validation, parts.validation],
      ] as const) {
        countsOf(indices, y, 4).forEach((count, c) => {
          expect(count).toBeLessThan((share ?? 0) * all[c]! + 1 + 1e-9);
          if (all[c]! >= 10) expect(count).toBeGreaterThan((share ?? 0) * all[c]! - 1 - 1e-9);
        });
      }
      // A class never leaves the training part.
      inTrain.forEach((count, c) => {
        if (all[c]! > 0) expect(count).toBeGreaterThan(0);
      });
    }),
  );
});

test("a seed gives the same split again, another seed another", () => {
  const y = new Float64Array(100);
  const split = (s: number) => splitIndices(y, undefined, { test: 0.2, seed: s });
  expect(split(1)).toEqual(split(1));
  expect(split(1).test).not.toEqual(split(2).test);
});

test("rows come in a random order", () => {
  const { train } = splitIndices(new Float64Array(100), undefined, { test: 0.2 });
  expect(train).not.toEqual(train.slice().sort());
});

test("classes with too few rows for a part are named", () => {
  const y = [...new Array(20).fill(0), 1];
  const { train, notices } = splitIndices(y, ["common", "rare"], { test: 0.3, stratify: true });
  expect(train).toContain(20);
  expect(notices).toEqual(["Too few rows to be in the test part: rare."]);
});

describe("errors", () => {
  const y = new Float64Array(10);
  test.each([
    [{}, "expected a share for test, validation or both"],
    [{ test: 0 }, "test is 0, expected a share above 0 and below 1"],
    [{ test: 20 }, "test is 20, expected a share"],
    [{ validation: Number.NaN }, "validation is NaN, expected a share"],
    [{ test: 0.5, validation: 0.5 }, "test 0.5 and validation 0.5 leave no rows to train on"],
    [{ test: 0.2, stratify: true }, "stratify needs classes, but the target is a number"],
  ])("%j", (options, message) => {
    expect(() => splitIndices(y, undefined, options)).toThrow(message);
  });

  test("one row", () => {
    expect(() => splitIndices([0], undefined, { test: 0.2 })).toThrow(
      "1 row are too few for a test part of 0.2",
    );
  });
});
