import { requireChoice, type Source } from "./data-error.js";
import { requireFinite } from "./missing.js";
import { type Column, distinctTexts, numbersOf, rejectText } from "./table.js";
import { quoted } from "./text.js";

export type Task = "regression" | "classification";

export interface Target {
  /** [rows] numbers, or class indices; NaN where missing. */
  readonly y: Float64Array;
  /** Names of the classes by index; absent in a regression. */
  readonly classes: readonly string[] | undefined;
}

/**
 * The column as a target. Classes are its distinct values: numbers in rising order, texts in the order of their
 * UTF-16 units. Without a task, texts are classes and numbers are not.
 */
export function encodeTarget(source: Source, column: Column, task: Task | undefined): Target {
  if (task !== undefined) requireChoice("task", task, ["regression", "classification"]);
  if (column.type === "text") {
    if (task === "regression")
      rejectText(source, column, 'Regression needs numbers; or set task to "classification".');
    return classesOf(column.values, distinctTexts(column));
  }
  const values = numbersOf(
    source,
    column,
    `Correct it, or give ${quoted(column.name)} the type "text" for classes.`,
  );
  requireFinite(source, [column.name], values);
  if (task !== "classification") return { y: values, classes: undefined };
  return classesOf(
    values,
    [...new Set(values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b),
  );
}

function classesOf<T extends string | number>(values: ArrayLike<T | null>, distinct: readonly T[]): Target {
  const indices = new Map<T | null, number>(distinct.map((value, index) => [value, index]));
  return {
    y: Float64Array.from(values, (value) => indices.get(value) ?? Number.NaN),
    classes: distinct.map(String),
  };
}
