import { type Data, tensor } from "@downhill/core";
import { DataError } from "./data-error.js";
import { fillMissing, requireFinite } from "./missing.js";
import { createScaler, type Scaling } from "./scaler.js";
import { type Column, distinctTexts, findColumn, numbersOf, rejectText, type Table } from "./table.js";
import { listed, quoted } from "./text.js";

/** A column as features: its numbers, or one column of 0 and 1 per category. */
export type FeatureEncoding =
  | { readonly column: string; readonly type: "number" }
  | { readonly column: string; readonly type: "one-hot"; readonly categories: readonly string[] };

/** What turns a table's rows into a model's input, as JSON: saved with a model, it prepares rows to predict. */
export interface Encoding {
  readonly features: readonly FeatureEncoding[];
  /** Shape of one row of x. */
  readonly shape: readonly number[];
  /** Value for each missing feature, where missing ones were imputed. */
  readonly fill?: readonly number[];
  readonly scaling?: Scaling;
}

/**
 * The table's rows as a model's input, [rows, …encoding.shape]. The target need not be there.
 *
 * Throws a DataError for a column that is not there, text in a column of numbers, a category that was not in the
 * rows the encoding was made of, infinite values, and missing values where they were not imputed.
 */
export function encode(table: Table, encoding: Encoding): Data<Float64Array> {
  const origins = originsOf(encoding.features);
  const x = encodeFeatures(table, encoding.features);
  requireFinite(table, origins, x);
  if (encoding.fill) fillMissing(x, encoding.fill);
  const gap = x.findIndex(Number.isNaN);
  if (gap >= 0) {
    throw new DataError(
      "the value is missing or NaN, and the model was fitted to complete rows. Fill it in, leave the row out, or train " +
        'with missing "mean" or "median".',
      { source: table, row: Math.floor(gap / origins.length), column: origins[gap % origins.length]! },
    );
  }
  const data = tensor(x, [table.rows, ...encoding.shape]);
  return encoding.scaling ? createScaler(encoding.scaling).transform(data) : data;
}

/** How to encode a column of the table. Text needs `oneHot`; else a DataError lists the columns of numbers. */
export function encodingOf(table: Table, column: Column, oneHot: boolean): FeatureEncoding {
  const { name } = column;
  if (column.type === "number") {
    numbersOf(table, column, `Correct it, or give ${quoted(name)} the type "text".`);
    return { column: name, type: "number" };
  }
  if (oneHot) return { column: name, type: "one-hot", categories: distinctTexts(column) };
  const numeric = table.columns.filter(({ type }) => type === "number").map((other) => other.name);
  return rejectText(
    table,
    column,
    `Set oneHot to turn categories into columns of 0 and 1, or choose among the columns of numbers: ${listed(numeric)}.`,
  );
}

/** `body_mass_g` for numbers, `species=Adelie` for each category. */
export function encodedNames(features: readonly FeatureEncoding[]): string[] {
  return features.flatMap((feature) =>
    feature.type === "number"
      ? [feature.column]
      : feature.categories.map((category) => `${feature.column}=${category}`),
  );
}

/** [rows, encoded features], NaN where the table has no value. */
export function encodeFeatures(table: Table, features: readonly FeatureEncoding[]): Float64Array {
  const width = encodedNames(features).length;
  const x = new Float64Array(table.rows * width);
  let at = 0;
  for (const feature of features) {
    const column = findColumn(table, feature.column);
    if (feature.type === "number") {
      const values = numbersOf(table, column, "Correct it, or leave the row out.");
      for (let row = 0; row < table.rows; row++) x[row * width + at] = values[row]!;
      at++;
    } else {
      encodeOneHot(table, column, feature.categories, x, width, at);
      at += feature.categories.length;
    }
  }
  return x;
}

function encodeOneHot(
  table: Table,
  column: Column,
  categories: readonly string[],
  x: Float64Array,
  width: number,
  at: number,
): void {
  if (column.type === "number") {
    throw new DataError(`holds numbers, expected categories. Give it the type "text".`, {
      source: table,
      column: column.name,
    });
  }
  const indices = new Map(categories.map((category, index) => [category, index]));
  column.values.forEach((value, row) => {
    const start = row * width + at;
    if (value === null) {
      x.fill(Number.NaN, start, start + categories.length);
      return;
    }
    const index = indices.get(value);
    if (index === undefined) {
      throw new DataError(`found ${quoted(value)}, expected one of the categories: ${listed(categories)}.`, {
        source: table,
        row,
        column: column.name,
      });
    }
    x[start + index] = 1;
  });
}

/** The table's column behind each encoded one. */
export function originsOf(features: readonly FeatureEncoding[]): string[] {
  return features.flatMap((feature) =>
    feature.type === "number" ? [feature.column] : feature.categories.map(() => feature.column),
  );
}
