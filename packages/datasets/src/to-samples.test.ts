import { describe, expect, test } from "vitest";
import { readCsv } from "./read-csv.js";
import { tableOf } from "./table.js";
import { toSamples } from "./to-samples.js";

const pets = readCsv("kind,legs,weight,colour\ndog,4,30,brown\nbird,2,0.5,blue\ndog,3,25,black\n", {
  name: "pets",
});

describe("features", () => {
  test("are the columns of numbers by default, and left out texts are told", () => {
    const { info, values, notices, columns } = toSamples(pets, { target: "weight" });
    expect(info).toEqual({ name: "pets", features: ["legs"], target: "weight" });
    expect(values.x).toEqual({ data: Float64Array.of(4, 2, 3), shape: [3, 1] });
    expect(values.y).toEqual({ data: Float64Array.of(30, 0.5, 25), shape: [3] });
    expect(columns).toEqual({ x: [1], y: [] });
    expect(notices).toEqual([
      "Columns of text left out of the features: kind, colour. Set oneHot to use them.",
    ]);
  });

  test("come in the order asked for", () => {
    const { values } = toSamples(pets, { target: "kind", features: ["weight", "legs"] });
    expect([...values.x.data]).toEqual([30, 4, 0.5, 2, 25, 3]);
  });

  test("of text become a column of 0 and 1 per category", () => {
    const { info, values } = toSamples(pets, {
      target: "weight",
      features: ["colour", "legs"],
      oneHot: true,
    });
    expect(info.features).toEqual(["colour=black", "colour=blue", "colour=brown", "legs"]);
    expect([...values.x.data]).toEqual([0, 0, 1, 4, 0, 1, 0, 2, 1, 0, 0, 3]);
  });

  test("of text are an error that lists the columns of numbers, unless oneHot is set", () => {
    expect(() => toSamples(pets, { target: "weight", features: ["colour"] })).toThrow(
      'pets, line 2, column "colour": expected a number, found "brown". Set oneHot to turn categories into columns ' +
        "of 0 and 1, or choose among the columns of numbers: legs, weight.",
    );
  });

  test.each([
    [["leg"], 'pets has no column "leg". Did you mean "legs"?'],
    [["legs", "weight"], 'the feature "weight" is the target'],
    [["legs", "legs"], 'the feature "legs" is named twice'],
    [[], 'there is no feature to predict "weight" from. Choose among: kind, legs, colour'],
  ])("%j is an error", (features, message) => {
    expect(() => toSamples(pets, { target: "weight", features })).toThrow(message);
  });
});

describe("targets", () => {
  test("of text become classes in the order of their names", () => {
    const { info, values } = toSamples(pets, { target: "kind" });
    expect(info.classes).toEqual(["bird", "dog"]);
    expect([...values.y.data]).toEqual([1, 0, 1]);
  });

  test("of numbers become classes in rising order when asked", () => {
    const table = tableOf("t", { x: [1, 2, 3, 4], y: [10, 9, -1, 10] });
    const { info, values } = toSamples(table, { target: "y", task: "classification" });
    expect(info.classes).toEqual(["-1", "9", "10"]);
    expect([...values.y.data]).toEqual([2, 1, 0, 2]);
    expect(toSamples(table, { target: "y" }).info.classes).toBeUndefined();
  });

  test("of text cannot be regressed to", () => {
    expect(() => toSamples(pets, { target: "kind", task: "regression" })).toThrow(
      'pets, line 2, column "kind": expected a number, found "dog". Regression needs numbers',
    );
  });

  test("an unknown one is an error with the nearest", () => {
    expect(() => toSamples(pets, { target: "wieght" })).toThrow('Did you mean "weight"?');
  });
});

describe("values that cannot be used", () => {
  test("text in a column of mostly numbers: line, column and text, once the column is used", () => {
    const table = readCsv("a,b,y\n1,1,1\n2,oops,2\n3,3,3\n", { name: "t.csv" });
    expect(() => toSamples(table, { target: "y" })).toThrow(
      't.csv, line 3, column "b": expected a number, found "oops". Correct it, or give "b" the type "text".',
    );
    expect(() => toSamples(table, { target: "b" })).toThrow('t.csv, line 3, column "b": expected a number');
    expect(toSamples(table, { target: "y", features: ["a"] }).rows).toBe(3);
  });

  test("a comma for a decimal point is recognised", () => {
    const table = readCsv("a;y\n1,5;1\n2;2\n3;3\n");
    expect(() => toSamples(table, { target: "y" })).toThrow("Decimals need a point, not a comma.");
  });

  test.each(["inf", "-Infinity", "1e999"])("%s: line and column", (cell) => {
    expect(() => toSamples(readCsv(`a,y\n1,1\n${cell},2\n`), { target: "y" })).toThrow(
      /^csv, line 3, column "a": found -?Infinity, expected a finite number\./,
    );
    expect(() =>
      toSamples(readCsv(`a,y\n1,1\n2,${cell}\n`), { target: "y", task: "classification" }),
    ).toThrow(/^csv, line 3, column "y": found -?Infinity/);
  });

  test("a column without a value", () => {
    expect(() => toSamples(readCsv("a,y\n,1\n,2\n"), { target: "y", missing: "drop" })).toThrow(
      "csv: no row is complete. 2 of 2 rows dropped: a is missing.",
    );
  });
});

describe("missing values", () => {
  const table = readCsv("a,b,kind,y\n1,,x,1\n,5,y,2\n3,7,,3\n5,8,x,?\n10,9,x,5\n", { name: "t.csv" });
  const features = ["a", "b"];

  test("are an error by default: line, column and what can be done", () => {
    expect(() => toSamples(table, { target: "y" })).toThrow(
      't.csv, line 2, column "b": the value is missing or NaN. Fill it in, or set missing to "drop" to leave out ' +
        'such rows, or to "mean" or "median" to fill in features.',
    );
  });

  test("are dropped with their rows, and counted", () => {
    const { values, notices } = toSamples(table, { target: "y", features, missing: "drop" });
    expect([...values.x.data]).toEqual([3, 7, 10, 9]);
    expect([...values.y.data]).toEqual([3, 5]);
    expect(notices).toEqual(["3 of 5 rows dropped: a, b or y is missing."]);
  });

  test.each([
    ["mean", 14 / 3, 7],
    ["median", 3, 7],
  ] as const)("are filled with the %s, but rows without a target are dropped", (missing, a, b) => {
    const { values, notices, encoding } = toSamples(table, { target: "y", features, missing });
    expect([...values.x.data]).toEqual([1, b, a, 5, 3, 7, 10, 9]);
    expect(encoding.fill).toEqual([a, b]);
    expect(notices).toEqual([
      "1 of 5 rows dropped: y is missing.",
      `2 missing values filled with the column's ${missing}: b (1), a (1).`,
    ]);
  });

  test("of an unused column do not matter", () => {
    expect(toSamples(table, { target: "a", features: ["y"], missing: "drop" }).rows).toBe(3);
  });

  test("of a category are filled with each category's share, and counted once", () => {
    const { values, notices } = toSamples(table, {
      target: "y",
      features: ["kind"],
      oneHot: true,
      missing: "mean",
    });
    expect([...values.x.data]).toEqual([1, 0, 0, 1, 2 / 3, 1 / 3, 1, 0]);
    expect(notices[1]).toBe("1 missing value filled with the column's mean: kind (1).");
  });

  test("an unknown way is an error that lists the known", () => {
    expect(() => toSamples(table, { target: "y", missing: "zero" as "drop" })).toThrow(
      'missing is "zero", expected one of: error, drop, mean, median.',
    );
  });
});

describe("weights", () => {
  const table = tableOf("t", { x: [1, 2, 3], y: [4, 5, 6], w: [1, 0, 2.5] });

  test("come with the batches and are no feature", () => {
    const samples = toSamples(table, { target: "y", weight: "w" });
    expect(samples.info.features).toEqual(["x"]);
    expect(samples.columns).toEqual({ x: [1], y: [], weight: [] });
    const [batch] = samples.batches({ size: 9, seed: 0, epoch: 0, shuffle: false, last: "keep" });
    expect(batch!.weight).toEqual({ data: Float64Array.of(1, 0, 2.5), shape: [3] });
  });

  test.each([
    [[1, -1, 0], 't, row index 1, column "w": found -1, expected a weight from 0'],
    [[0, 0, 0], "every weight is 0"],
    [[1, Number.NaN, 0], 't, row index 1, column "w": the value is missing or NaN'],
    [[1, Infinity, 0], 't, row index 1, column "w": found Infinity'],
  ])("%j are an error", (w, message) => {
    expect(() =>
      toSamples(tableOf("t", { x: [1, 2, 3], y: [4, 5, 6], w }), { target: "y", weight: "w" }),
    ).toThrow(message);
  });
});
