import { expect, test } from "vitest";
import { encode } from "./encoding.js";
import { readCsv } from "./read-csv.js";
import { tableOf } from "./table.js";
import { toSamples } from "./to-samples.js";

const table = readCsv("kind,size,y\nx,1,1\ny,,2\nx,3,3\nz,8,4\n", { name: "train.csv" });
const samples = toSamples(table, { target: "y", oneHot: true, missing: "mean" }).standardize();

test("encodes a table's rows as the samples were, through JSON and without the target", () => {
  const encoding = JSON.parse(JSON.stringify(samples.encoding));
  expect(encode(table, encoding)).toEqual(samples.values.x);
  const unseen = readCsv("size,kind\n1,x\n,y\n", { name: "new.csv" });
  expect(encode(unseen, encoding).data).toEqual(samples.values.x.data.slice(0, 8));
});

test("a category that was not there before is an error with line, column and the known ones", () => {
  expect(() => encode(readCsv("size,kind\n1,x\n2,q\n", { name: "new.csv" }), samples.encoding)).toThrow(
    'new.csv, line 3, column "kind": found "q", expected one of the categories: x, y, z.',
  );
});

test("categories that were read as numbers are an error", () => {
  expect(() => encode(readCsv("size,kind\n1,7\n", { name: "new.csv" }), samples.encoding)).toThrow(
    'new.csv, column "kind": holds numbers, expected categories. Give it the type "text".',
  );
});

test("missing values are an error where none were imputed", () => {
  const { encoding } = toSamples(tableOf("t", { a: [1, 2], b: [3, 4], y: [1, 2] }), { target: "y" });
  expect(() => encode(readCsv("a,b\n1,2\n3,\n", { name: "new.csv" }), encoding)).toThrow(
    'new.csv, line 3, column "b": the value is missing or NaN, and the model was fitted to complete rows.',
  );
});

test("columns that are not there and infinite values are errors", () => {
  const { encoding } = toSamples(tableOf("t", { a: [1, 2], y: [1, 2] }), { target: "y" });
  expect(() => encode(readCsv("b\n1\n"), encoding)).toThrow('csv has no column "a".');
  expect(() => encode(readCsv("a\n1\ninf\n"), encoding)).toThrow('csv, line 3, column "a": found Infinity');
});
