import { tensor } from "@downhill/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { penguins } from "./embedded/penguins.js";
import { createScaler, fitScaling } from "./scaler.js";
import { leastSquares, rowsOf } from "./test-support/least-squares.js";

const number = fc
  .double({ min: -1e6, max: 1e6, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-100 ? 0 : value));

function rowsFrom(x: readonly number[], width: number, y: readonly number[] = []) {
  return {
    count: x.length / width,
    width,
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    weight: undefined,
  };
}

test("the mean and the standard deviation over n", () => {
  expect(fitScaling(rowsFrom([1, 10, 3, 10, 5, 10, 7, 10], 2), { target: false })).toEqual({
    mean: [4, 10],
    scale: [Math.sqrt(5), 1],
  });
});

test("a constant feature is centred to exactly 0", () => {
  const rows = rowsFrom(new Array(10).fill(0.1), 1);
  const scaler = createScaler(fitScaling(rows, { target: false }));
  expect([...scaler.transform(tensor(rows.x, [10, 1])).data]).toEqual(new Array(10).fill(0));
});

test("differences too small to square leave a feature unscaled", () => {
  expect(fitScaling(rowsFrom([0, 5e-324], 1), { target: false }).scale).toEqual([1]);
});

test("scaled features have mean 0 and variance 1, and inverse undoes transform", () => {
  const rows = fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: 2, maxLength: 20 }),
    );
  fc.assert(
    fc.property(rows, (records) => {
      const width = records[0]!.length;
      const made = rowsFrom(
        records.flat(),
        width,
        records.map((row) => row[0]!),
      );
      const scaler = createScaler(fitScaling(made, { target: true }));
      const x = tensor(made.x, [made.count, width]);
      const scaled = scaler.transform(x);
      scaler.inverse(scaled).data.forEach((value, i) => {
        expect(Math.abs(value - made.x[i]!)).toBeLessThanOrEqual(1e-9);
      });
      const y = tensor(made.y);
      scaler.inverseTarget(scaler.transformTarget(y)).data.forEach((value, i) => {
        expect(Math.abs(value - made.y[i]!)).toBeLessThanOrEqual(1e-9);
      });
      for (let j = 0; j < width; j++) {
        const column = records.map((_, row) => scaled.data[row * width + j]!);
        const spread = Math.max(...column) - Math.min(...column);
        const size = Math.max(...records.map((row) => Math.abs(row[j]!))) / scaler.scale[j]!;
        expect(Math.abs(column.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(
          1e-14 * column.length * (size + 1),
        );
        if (spread > 0 && size < 1e6) {
          expect(column.reduce((a, b) => a + b * b, 0) / column.length).toBeCloseTo(1, 8);
        }
      }
    }),
  );
});

test("coefficients fitted to scaled rows become those of the rows' own units", () => {
  const own = penguins();
  const scaled = own.standardize({ target: true });
  const fit = leastSquares(rowsOf(scaled.values.x.data, 3), scaled.values.y.data);
  // numpy.linalg.lstsq on the standardized columns.
  [0.02833303666119376, 0.049371478136077784, 0.8814357548906964].forEach((w, j) => {
    expect(fit.weights[j]).toBeCloseTo(w, 12);
  });
  const undone = scaled.scaler!.unscaleCoefficients({
    weights: tensor(fit.weights),
    intercept: tensor(Float64Array.of(fit.intercept), []),
  });
  // numpy.linalg.lstsq on the columns themselves.
  [4.161820470411499, 20.04953313144303, 50.26922163824049].forEach((w, j) => {
    expect(undone.weights.data[j]! / w).toBeCloseTo(1, 11);
  });
  expect(undone.intercept.data[0]! / -6424.764698098586).toBeCloseTo(1, 11);
  expect(undone.intercept.shape).toEqual([]);
});

test("undone coefficients of several outputs predict what the scaled ones do", () => {
  const scaler = createScaler({ mean: [10, -2], scale: [4, 0.5] });
  const x = tensor(Float64Array.of(3, 5, -7, 11), [2, 2]);
  const weights = tensor(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  const intercept = tensor(Float64Array.of(0.1, 0.2, 0.3));
  const undone = scaler.unscaleCoefficients({ weights, intercept });
  const predict = (rows: ArrayLike<number>, w: ArrayLike<number>, b: ArrayLike<number>) =>
    [0, 1].flatMap((r) => [0, 1, 2].map((o) => b[o]! + rows[2 * r]! * w[o]! + rows[2 * r + 1]! * w[3 + o]!));
  const expected = predict(scaler.transform(x).data, weights.data, intercept.data);
  predict(x.data, undone.weights.data, undone.intercept.data).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 10);
  });
});

test("a scaler survives JSON", () => {
  const scaler = penguins().standardize({ target: true }).scaler!;
  const again = createScaler(JSON.parse(JSON.stringify(scaler)));
  const y = tensor(Float64Array.of(0, 1));
  expect(again.inverseTarget(y)).toEqual(scaler.inverseTarget(y));
  expect(again.inverseTarget(y).data[0]).toBeCloseTo(4201.754385964912, 9);
  expect(JSON.stringify(again)).toBe(JSON.stringify(scaler));
});

test("figures and shapes that do not fit are errors", () => {
  expect(() => createScaler({ mean: [1, 2], scale: [1] })).toThrow("scaler: got 2 means and 1 scales");
  expect(() => createScaler({ mean: [1, 2], scale: [1, 0] })).toThrow("the feature 1 has mean 2 and scale 0");
  expect(() => createScaler({ mean: [0], scale: [1], target: { mean: Number.NaN, scale: 1 } })).toThrow(
    "the target",
  );
  const scaler = createScaler({ mean: [1, 2], scale: [1, 2] });
  expect(() => scaler.transform(tensor(new Float64Array(6), [2, 3]))).toThrow(
    "x has shape [2, 3], expected [rows, 2]",
  );
  expect(() =>
    scaler.unscaleCoefficients({
      weights: tensor(new Float64Array(3)),
      intercept: tensor(new Float64Array(1)),
    }),
  ).toThrow("weights [3] and intercept [1] do not fit 2 features");
});
