import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "./data-error.js";
import { fromCsv } from "./from-csv.js";

test("reads a table and takes features and target out of it", () => {
  const { train, test } = fromCsv("a;b;kind\n1;2;x\n3;4;y\n5;;x\n7;8;y\n9;10;x\n", {
    name: "t.csv",
    target: "kind",
    missing: "drop",
  })
    .standardize()
    .split({ test: 0.5, stratify: true });
  expect([train.rows, test.rows]).toEqual([2, 2]);
  expect(train.info).toEqual({ name: "t.csv", features: ["a", "b"], target: "kind", classes: ["x", "y"] });
  expect(train.notices).toEqual(["1 of 5 rows dropped: b is missing."]);
});

test("any text gives finite samples or a DataError", () => {
  const cell = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -9, max: 9 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom("", "x", "y", "NA", "inf", '"', "1e999", "nan", ",") },
  );
  const text = fc
    .array(fc.tuple(cell, cell, cell), { maxLength: 8 })
    .map((rows) => `a,b,y\n${rows.map((row) => row.join(",")).join("\n")}`);
  const missing = fc.constantFrom("error", "drop", "mean", "median");
  let made = 0;
  fc.assert(
    fc.property(text, missing, fc.boolean(), fc.constantFrom("y", "z"), (input, how, oneHot, target) => {
      try {
        const { values, rows, info } = fromCsv(input, { target, missing: how, oneHot });
        made++;
        expect([...values.x.data, ...values.y.data].every(Number.isFinite)).toBe(true);
        expect(values.x.shape).toEqual([rows, info.features.length]);
        if (info.classes) {
          expect(values.y.data.every((label) => info.classes![label] !== undefined)).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }),
    { numRuns: 500 },
  );
  expect(made).toBeGreaterThan(20);
});
