import type { Dataset } from "@downhill/core/train";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { iris } from "./embedded/iris.js";
import { penguins } from "./embedded/penguins.js";
import { fromArrays } from "./from-arrays.js";
import type { Samples } from "./samples.js";
import { tableOf } from "./table.js";
import { toSamples } from "./to-samples.js";

test("are a dataset as training takes it", () => {
  expectTypeOf<Samples>().toExtend<Dataset>();
  const samples = iris();
  const batches = [...samples.batches({ size: 64, seed: 0, epoch: 0, shuffle: true, last: "keep" })];
  expect(batches.map(({ x, y }) => [x.shape, y.shape])).toEqual([
    [[64, 4], [64]],
    [[64, 4], [64]],
    [[22, 4], [22]],
  ]);
});

test("have the parts that were asked for, and no others", () => {
  const samples = iris();
  expect(Object.keys(samples.split({ test: 0.2 }))).toEqual(["train", "test"]);
  expect(Object.keys(samples.split({ validation: 0.2 }))).toEqual(["train", "validation"]);
  const { train, validation, test } = samples.split({ test: 0.2, validation: 0.1, stratify: true, seed: 3 });
  expect([train.rows, validation.rows, test.rows]).toEqual([105, 15, 30]);
  for (const part of [train, validation, test]) {
    expect(part.info).toEqual(samples.info);
    const counts = [0, 0, 0];
    for (const label of part.values.y.data) counts[label]!++;
    expect(counts).toEqual([part.rows / 3, part.rows / 3, part.rows / 3]);
  }
  // @ts-expect-error a part that was not asked for
  samples.split({ test: 0.2 }).validation;
  // @ts-expect-error a misspelt part
  expect(() => samples.split({ tets: 0.2 })).toThrow("expected a share");
});

describe("what is fitted", () => {
  test("is fitted to the training part alone, before or after the split", () => {
    const order = { test: 0.3, seed: 5 };
    const before = penguins().standardize({ target: true }).split(order);
    const after = penguins().split(order);
    const { x, y } = after.train.values;
    const means = [0, 1, 2].map(
      (j) => x.data.filter((_, i) => i % 3 === j).reduce((a, b) => a + b) / x.shape[0]!,
    );
    before.train.scaler!.mean.forEach((mean, j) => {
      expect(mean).toBeCloseTo(means[j]!, 9);
    });
    expect(before.train.scaler!.target!.mean).toBeCloseTo(y.data.reduce((a, b) => a + b) / y.data.length, 9);
    for (const part of ["train", "test"] as const) {
      const standardized = after[part].standardize({ target: true });
      expect(before[part].values).toEqual(standardized.values);
      expect(before[part].encoding).toEqual(before.train.encoding);
      expect(standardized.encoding).toEqual(before.train.encoding);
      expect(before[part].fingerprint).toBe(standardized.fingerprint);
    }
  });

  test("is fitted again when the training part is split", () => {
    const { train } = penguins().standardize().split({ test: 0.3 });
    const inner = train.split({ validation: 0.5 });
    const mean = (rows: Samples) =>
      rows.values.x.data.filter((_, i) => i % 3 === 0).reduce((a, b) => a + b) / rows.rows;
    expect(mean(inner.train)).toBeCloseTo(0, 9);
    expect(Math.abs(mean(inner.validation))).toBeGreaterThan(1e-3);
  });

  test("imputed values come from the training part", () => {
    const columns = fc.array(fc.tuple(fc.option(fc.integer(), { nil: Number.NaN }), fc.integer()), {
      minLength: 10,
      maxLength: 40,
    });
    fc.assert(
      fc.property(columns, fc.nat(), (records, seed) => {
        const rows = [[0, 0] as const, ...records];
        const table = tableOf("t", {
          a: rows.map(([a]) => a),
          id: rows.map((_, i) => i),
          y: rows.map(([, y]) => y),
        });
        const samples = toSamples(table, { target: "y", missing: "mean" });
        const { train, test } = samples.split({ test: 0.3, seed });
        const idsOf = (part: Samples) => [...part.values.x.data.filter((_, i) => i % 2 === 1)];
        const known = idsOf(train)
          .map((id) => rows[id]![0])
          .filter((a) => !Number.isNaN(a));
        const mean = known.reduce((a, b) => a + b, 0) / known.length;
        for (const part of [train, test]) {
          idsOf(part).forEach((id, i) => {
            const expected = Number.isNaN(rows[id]![0]) ? mean : rows[id]![0];
            expect(Math.abs(part.values.x.data[2 * i]! - expected)).toBeLessThanOrEqual(1e-6);
          });
        }
      }),
    );
  });

  test("needs a known value in the training part", () => {
    const made = (a: number[], missing: "error" | "median") =>
      toSamples(tableOf("t", { a, y: [1, 2, 3, 4, 5] }), { target: "y", missing });
    const complete = made([1, 1, 1, 1, 1], "error");
    const samples = made([1, Number.NaN, Number.NaN, Number.NaN, Number.NaN], "median");
    const seed = [...Array(50).keys()].find(
      (s) => complete.split({ test: 0.2, seed: s }).test.values.y.data[0] === 1,
    );
    expect(() => samples.split({ test: 0.2, seed: seed! }).train.values).toThrow(
      "every value of the column a is missing in the 4 rows to fit to",
    );
  });
});

test("standardizing classes is an error", () => {
  expect(() => iris().standardize({ target: true })).toThrow('the target "species" has classes');
});

test("splitting says which classes are absent", () => {
  const samples = fromArrays([[1], [2], [3], [4]], ["a", "a", "a", "b"]);
  expect(samples.split({ test: 0.25, stratify: true }).train.notices).toEqual([
    "Too few rows to be in the test part: b.",
  ]);
});

test("the fingerprint tells contents, names and scaling apart", () => {
  const same = () => fromArrays([[1], [2]], [3, 4]);
  expect(same().fingerprint).toBe(same().fingerprint);
  const others = [
    same(),
    fromArrays([[1], [2.0000000000000004]], [3, 4]),
    fromArrays([[1], [2]], [4, 3]),
    fromArrays([[1], [2]], [3, 4], { features: ["a"] }),
    fromArrays([[1], [2]], [3, 4], { weight: [1, 2] }),
    fromArrays([[1], [2]], [3, 4], { task: "classification" }),
    same().standardize(),
  ];
  expect(new Set(others.map(({ fingerprint }) => fingerprint)).size).toBe(others.length);
});
