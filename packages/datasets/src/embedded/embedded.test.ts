import { describe, expect, test } from "vitest";
import { fingerprint } from "../fingerprint.js";
import { leastSquares, rowsOf } from "../test-support/least-squares.js";
import { digits, digitsTable } from "./digits.js";
import { iris, irisTable } from "./iris.js";
import { penguins, penguinsTable } from "./penguins.js";

// Digests are MurmurHash3_x86_128 of float64 arrays that numpy read from the packages' own files, by mmh3.

describe("penguins", () => {
  test("are 344 rows, of which two lack all measurements and eleven their sex", () => {
    const { rows, columns } = penguinsTable();
    expect(rows).toBe(344);
    expect(columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "species: text",
      "island: text",
      "bill_length_mm: number",
      "bill_depth_mm: number",
      "flipper_length_mm: number",
      "body_mass_g: number",
      "sex: text",
      "year: number",
    ]);
    const missing = columns.map(
      ({ values }) => [...values].filter((v) => v === null || Number.isNaN(v)).length,
    );
    expect(missing).toEqual([0, 0, 2, 2, 2, 2, 11, 0]);
  });

  test("are the published measurements", () => {
    const { values, notices, info } = penguins({ target: "species" });
    expect(fingerprint([values.x.data])).toBe("8042946b9b003a6d6f9a46129be0a55d");
    expect(info.classes).toEqual(["Adelie", "Chinstrap", "Gentoo"]);
    expect(notices).toEqual([
      "2 of 344 rows dropped: bill_length_mm, bill_depth_mm, flipper_length_mm or body_mass_g is missing.",
    ]);
  });

  test("have the least-squares solution that numpy finds", () => {
    const { rows, values } = penguins({
      target: "body_mass_g",
      features: ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"],
    });
    expect(rows).toBe(342);
    const x = rowsOf(values.x.data, 3);
    const y = values.y.data;
    const { weights, intercept } = leastSquares(x, y);
    [4.161820470411499, 20.04953313144303, 50.26922163824049].forEach((w, j) => {
      expect(weights[j]! / w).toBeCloseTo(1, 10);
    });
    expect(intercept / -6424.764698098586).toBeCloseTo(1, 10);
    const mean = y.reduce((a, b) => a + b) / rows;
    const residual = x.reduce((sum, row, i) => {
      const predicted = row.reduce((a, value, j) => a + value * weights[j]!, intercept);
      return sum + (y[i]! - predicted) ** 2;
    }, 0);
    const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(1 - residual / total).toBeCloseTo(0.7614704841272493, 12);
  });

  test("take their other columns too", () => {
    expect(penguins({ target: "sex" }).rows).toBe(333);
    expect(penguins({ features: ["species", "flipper_length_mm"], oneHot: true }).info.features).toEqual([
      "species=Adelie",
      "species=Chinstrap",
      "species=Gentoo",
      "flipper_length_mm",
    ]);
    expect(penguins({ missing: "median" }).rows).toBe(342);
    // @ts-expect-error a misspelt column
    expect(() => penguins({ target: "body_mass" })).toThrow('Did you mean "body_mass_g"?');
  });
});

describe("iris", () => {
  test("is the table of scikit-learn", () => {
    const { values, info, rows } = iris();
    expect(irisTable().rows).toBe(150);
    expect(rows).toBe(150);
    expect(info.classes).toEqual(["setosa", "versicolor", "virginica"]);
    expect(fingerprint([values.x.data])).toBe("0a995b32676990d74e8fea7b1fc3128b");
    expect(fingerprint([values.y.data])).toBe("f78c4ca60d8765c803a9793296367478");
  });
});

describe("digits", () => {
  test("are the images of scikit-learn", () => {
    const { values, info, columns } = digits();
    expect(columns).toEqual({ x: [64], y: [] });
    expect(info.classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(fingerprint([values.x.data])).toBe("b6f5a7c140d9eb8e33e0b14cc727fde2");
    expect(fingerprint([values.y.data])).toBe("a06c2e37a527b5eee3393f3c06f4169c");
  });

  test("name their pixels by row and column", () => {
    const { rows, columns } = digitsTable();
    expect(rows).toBe(1797);
    expect(columns.map(({ name }) => name).slice(7, 9)).toEqual(["pixel_0_7", "pixel_1_0"]);
    expect(digits({ features: ["pixel_0_2", "pixel_0_3"] }).values.x.data.slice(0, 2)).toEqual(
      Float64Array.of(5, 13),
    );
  });

  test("split by class as the design's example does", () => {
    const { train, test } = digits().split({ test: 0.2, stratify: true, seed: 1 });
    expect([train.rows, test.rows]).toEqual([1438, 359]);
  });
});
