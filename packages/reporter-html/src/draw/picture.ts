import type { Theme, ThemeName } from "./theme.js";

/** What every picture can be told. */
export interface PictureOptions {
  readonly title?: string;
  /** Pixels. */
  readonly width?: number;
  /** Pixels. */
  readonly height?: number;
  /** Default "light". */
  readonly theme?: ThemeName | Theme;
}

/** A part of the picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The numbers that a picture shows, by column: what is exported as CSV and JSON. */
export type Columns = Readonly<Record<string, readonly (number | string)[]>>;

export const columnsToCsv = (columns: Columns): string => {
  const names = Object.keys(columns);
  const rows = Math.max(0, ...names.map((name) => columns[name]!.length));
  const lines = Array.from({ length: rows }, (_, i) => names.map((name) => cell(columns[name]![i])));
  return [names.map(cell), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
};

// A spreadsheet takes a text that begins like a formula for one; the apostrophe makes it text (OWASP, CSV injection).
function cell(value: number | string | undefined): string {
  if (typeof value !== "string") return value === undefined || Number.isNaN(value) ? "" : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
