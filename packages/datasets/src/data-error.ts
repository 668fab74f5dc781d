import { quoted } from "./text.js";

/** Where rows came from, so that messages can point at the place. */
export interface Source {
  readonly name: string;
  /** Line on which each row begins in the text that was read, from 1. Absent for arrays. */
  readonly lines?: ArrayLike<number>;
}

/** A row by its index from 0, a column by its name, or both. */
export interface Place {
  readonly source: Source;
  readonly row?: number;
  readonly column?: string;
}

/**
 * The data, or what is asked of them, cannot be right. The message begins with the place and ends with what can
 * be done: `penguins.csv, line 7, column "sex": …`, or `row index 5` where rows have no lines.
 */
export class DataError extends Error {
  override readonly name = "DataError";
  /** From 1, in the text that was read. */
  readonly line: number | undefined;
  /** From 0, without header and blank lines. */
  readonly row: number | undefined;
  readonly column: string | undefined;

  constructor(message: string, place?: Place) {
    const line = place?.row === undefined ? undefined : place.source.lines?.[place.row];
    const parts: string[] = [];
    if (place) parts.push(place.source.name);
    if (line !== undefined) parts.push(`line ${line}`);
    else if (place?.row !== undefined) parts.push(`row index ${place.row}`);
    if (place?.column !== undefined) parts.push(`column ${quoted(place.column)}`);
    super(parts.length === 0 ? message : `${parts.join(", ")}: ${message}`);
    this.line = line;
    this.row = place?.row;
    this.column = place?.column;
  }
}

/** Throws a DataError that lists the choices when the value of an option is none of them. */
export function requireChoice(option: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new DataError(`${option} is ${quoted(String(value))}, expected one of: ${choices.join(", ")}.`);
}
