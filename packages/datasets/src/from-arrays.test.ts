import { tensor } from "@downhill/core";
import { expect, test } from "vitest";
import { fromArrays } from "./from-arrays.js";

test("takes rows of numbers and a target of numbers", () => {
  const { values, info, columns } = fromArrays([[1, 2], Float64Array.of(3, 4)], [5, 6]);
  expect(values).toEqual({
    x: { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] },
    y: { data: Float64Array.of(5, 6), shape: [2] },
  });
  expect(info).toEqual({ name: "arrays", features: ["x0", "x1"], target: "y" });
  expect(columns).toEqual({ x: [2], y: [] });
});

test("keeps the shape of images, standardized and split too", () => {
  const images = tensor(
    Float64Array.from({ length: 48 }, (_, i) => i * i),
    [4, 3, 4],
  );
  const samples = fromArrays(images, ["b", "a", "b", "a"]);
  expect(samples.columns.x).toEqual([3, 4]);
  expect(samples.info.classes).toEqual(["a", "b"]);
  expect(samples.standardize().split({ test: 0.5 }).test.values.x.shape).toEqual([2, 3, 4]);
});

test("does not change with the arrays it was made from", () => {
  const x = Float64Array.of(1, 2);
  const y = Float64Array.of(3, 4);
  const samples = fromArrays(tensor(x, [2, 1]), y);
  x[0] = 9;
  y[0] = 9;
  expect([...samples.values.x.data, ...samples.values.y.data]).toEqual([1, 2, 3, 4]);
});

test.each([
  [[[1], [2]], [1], "arrays: x has 2 rows, y has 1."],
  [[[1, 2], [3]], [1, 2], "arrays, row index 1: has 1 features, expected 2 as in the first row."],
  [
    [
      [1, 2],
      [3, Number.NaN],
    ],
    [1, 2],
    'arrays, row index 1, column "x1": the value is missing or NaN.',
  ],
  [[[1, Infinity]], [1], 'arrays, row index 0, column "x1": found Infinity, expected a finite number.'],
  [[[1], [2]], [1, Number.NaN], 'arrays, row index 1, column "y": the value is missing or NaN.'],
  [[[1], [2]], [1, -Infinity], 'arrays, row index 1, column "y": found -Infinity'],
  [[], [], "arrays: x has shape [0, 0], expected at least one row and one feature."],
])("%j and %j are an error", (x, y, message) => {
  expect(() => fromArrays(x, y)).toThrow(message);
});

test("names and weights that do not fit are errors", () => {
  expect(() => fromArrays([[1, 2]], [1], { features: ["a"] })).toThrow(
    "got 1 names for the 2 features of a row",
  );
  expect(() => fromArrays([[1, 2]], [1], { weight: [1, 2] })).toThrow("x has 1 rows, weight has 2");
  expect(() => fromArrays(tensor(Float64Array.of(1, 2)), [1, 2])).toThrow(
    "x has shape [2], expected [rows, features]",
  );
});
