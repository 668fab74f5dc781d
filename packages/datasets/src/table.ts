import { didYouMean } from "@downhill/core";
import { DataError, type Source } from "./data-error.js";
import { counted, listed, printable, quoted } from "./text.js";

export interface NumberColumn {
  readonly name: string;
  readonly type: "number";
  /** [rows]; NaN where the value is missing. */
  readonly values: Float64Array;
  /** The first cell that holds no number, in a column of mostly numbers. Using such a column is an error. */
  readonly misfit?: { readonly row: number; readonly text: string };
}

export interface TextColumn {
  readonly name: string;
  readonly type: "text";
  /** [rows]; null where the value is missing. */
  readonly values: readonly (string | null)[];
}

export type Column = NumberColumn | TextColumn;

/** Named columns of equal length. */
export interface Table extends Source {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** What was noticed while reading, for people to see. */
  readonly notices: readonly string[];
}

/**
 * A table of one's own columns: numbers (NaN where missing) or texts (null where missing), all of one length.
 * Typed arrays of float64 are kept, not copied. Throws a DataError when lengths differ.
 */
export function tableOf(
  name: string,
  columns: Readonly<Record<string, ArrayLike<number> | readonly (string | null)[]>>,
): Table {
  const made = Object.entries(columns).map(([column, values]) => columnOf(column, values));
  const first = made[0];
  for (const { name: column, values } of made) {
    if (values.length !== first!.values.length) {
      throw new DataError(
        `${name}: column ${quoted(first!.name)} has ${counted(first!.values.length, "row")}, ` +
          `column ${quoted(column)} has ${values.length}. Columns must have the same length.`,
      );
    }
  }
  return { name, rows: first?.values.length ?? 0, columns: made, notices: [] };
}

/** A column of those values; texts when any is a text. */
export function columnOf(name: string, values: ArrayLike<number> | readonly (string | null)[]): Column {
  if (values instanceof Float64Array) return { name, type: "number", values };
  if (isText(values)) return { name, type: "text", values };
  return { name, type: "number", values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

function isText(
  values: ArrayLike<number> | readonly (string | null)[],
): values is readonly (string | null)[] {
  return Array.isArray(values) && values.some((value) => typeof value === "string");
}

/** The column of that name. Throws a DataError that names the nearest and lists all. */
export function findColumn(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const names = table.columns.map((candidate) => candidate.name);
  throw new DataError(
    `${printable(table.name)} has no column ${quoted(name)}.${didYouMean(name, names)} Its columns: ${listed(names)}.`,
  );
}

/** The column's numbers. Throws a DataError that points at the first text. */
export function numbersOf(source: Source, column: Column, advice: string): Float64Array {
  if (column.type === "number" && column.misfit === undefined) return column.values;
  return rejectText(source, column, advice);
}

/** Throws a DataError that points at the column's first text. */
export function rejectText(source: Source, column: Column, advice: string): never {
  const { row, text } = column.type === "number" ? column.misfit! : firstText(column);
  if (text === null)
    throw new DataError(`the column holds no value. ${advice}`, { source, column: column.name });
  const hint = /^[+-]?\d+,\d+$/.test(text) ? "Decimals need a point, not a comma. " : "";
  throw new DataError(`expected a number, found ${quoted(text)}. ${hint}${advice}`, {
    source,
    row,
    column: column.name,
  });
}

function firstText({ values }: TextColumn): { row: number; text: string | null } {
  const row = values.findIndex((value) => value !== null);
  return { row, text: values[row] ?? null };
}

/** Distinct texts in the order of their UTF-16 units, the same in every locale. */
export function distinctTexts(column: TextColumn): string[] {
  return [...new Set(column.values)].filter((value) => value !== null).sort();
}
