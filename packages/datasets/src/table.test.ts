import { expect, test } from "vitest";
import { findColumn, tableOf } from "./table.js";

test("a column is of texts when one of its values is", () => {
  const { columns, rows } = tableOf("t", { a: [1, 2], b: [null, "x"], c: Float64Array.of(3, Number.NaN) });
  expect(rows).toBe(2);
  expect(columns.map(({ type }) => type)).toEqual(["number", "text", "number"]);
});

test("null in a column of numbers is missing", () => {
  expect(tableOf("t", { a: [null, null] }).columns[0]!.values).toEqual(
    Float64Array.of(Number.NaN, Number.NaN),
  );
});

test("columns of different lengths are an error that names both", () => {
  expect(() => tableOf("t", { a: [1], b: [1, 2] })).toThrow(
    't: column "a" has 1 row, column "b" has 2. Columns must have the same length.',
  );
});

test("an unknown column is an error with the nearest and all names", () => {
  expect(() => findColumn(tableOf("t", { height: [1], width: [2] }), "heigth")).toThrow(
    't has no column "heigth". Did you mean "height"? Its columns: height, width.',
  );
});
