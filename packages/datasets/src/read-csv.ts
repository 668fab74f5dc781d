import Papa from "papaparse";
import { isMissing, parseNumber } from "./cell.js";
import { DataError, type Source } from "./data-error.js";
import { type Column, findColumn, numbersOf, type Table } from "./table.js";
import { counted, listed, printable, quoted } from "./text.js";

export interface CsvOptions {
  /** What messages call the table: the file's name, say. Default "csv". */
  readonly name?: string;
  /** Whether the first line names the columns (default), or the names; else they are column1, column2, …. */
  readonly header?: boolean | readonly string[];
  /** Types of columns that should not be inferred. */
  readonly types?: Readonly<Record<string, "number" | "text">>;
  /** Default: comma, tab, semicolon or pipe, whichever divides the first line into the most cells. */
  readonly delimiter?: string;
}

/**
 * Reads a CSV text (RFC 4180) into a table. Blank lines and spaces around cells are dropped; empty, NA, N/A,
 * NaN, null and ? are missing values. A column is of numbers when more than half of its values are: a text among
 * them is an error as soon as the column is used, with line and column.
 *
 * Throws a DataError for ragged rows, broken quotes, a text without rows, a name used twice, an unknown name in
 * `types`, and text in a column that `types` calls numbers.
 */
export function readCsv(text: string, options: CsvOptions = {}): Table {
  const { name = "csv", header = true, types = {}, delimiter } = options;
  const { records, lines } = parse(text, name, delimiter);
  const notices: string[] = [];
  const titles = takeTitles(records, lines, header, name, notices);
  const source = { name, lines };
  requireEven(records, titles, source);
  const columns = titles.map((title, i) => inferColumn(title, records, i, types));
  const table = { ...source, rows: records.length, columns, notices };
  for (const [column, type] of Object.entries(types)) {
    const found = findColumn(table, column);
    if (type === "number")
      numbersOf(table, found, `Correct it, or leave ${quoted(column)} out of the types.`);
  }
  return table;
}

/** Names of the columns; a header is taken off the records. */
function takeTitles(
  records: string[][],
  lines: number[],
  header: boolean | readonly string[],
  name: string,
  notices: string[],
): readonly string[] {
  const given = header === true ? records.shift() : header === false ? undefined : header;
  if (header === true) lines.shift();
  if (records.length === 0) {
    throw new DataError(
      `${printable(name)} ${header === true && given ? "has a header but no rows" : "is empty"}. ` +
        "Expected a line of column names and at least one row.",
    );
  }
  if (header === true && given!.every((title) => parseNumber(title) !== undefined)) {
    notices.push(`The header holds numbers alone: ${listed(given!)}. If it is a row, set header to false.`);
  }
  const titles = (given ?? records[0]!.map(() => "")).map((title, i) => {
    if (title !== "") return title;
    if (given) notices.push(`Column ${i + 1} has no name in the header and is called "column${i + 1}".`);
    return `column${i + 1}`;
  });
  requireDistinct(titles, name);
  return titles;
}

/** Records of trimmed cells without blank lines, and the line on which each begins. */
function parse(text: string, name: string, delimiter: string | undefined) {
  // One kind of line end, so that lines can be counted.
  const clean = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const { data, errors } = Papa.parse<string[]>(clean, {
    newline: "\n",
    delimiter: delimiter ?? guessDelimiter(clean),
  });
  const records: string[][] = [];
  const lines: number[] = [];
  const begins: number[] = [];
  let line = 1;
  for (const cells of data) {
    begins.push(line);
    line += 1 + cells.reduce((breaks, cell) => breaks + countBreaks(cell), 0);
    if (cells.length === 1 && cells[0]!.trim() === "") continue;
    lines.push(begins.at(-1)!);
    records.push(cells.map((cell) => cell.trim()));
  }
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) {
    throw new DataError(
      broken.code === "MissingQuotes"
        ? `a cell opens with " that is never closed. Close it, or write "" for a quote inside a quoted cell.`
        : `a quoted cell goes on after its closing ". Write "" for a quote inside a quoted cell.`,
      { source: { name, lines: begins }, row: broken.row ?? 0 },
    );
  }
  return { records, lines };
}

function guessDelimiter(text: string): string {
  const line = text
    .trimStart()
    .split("\n", 1)[0]!
    .replace(/"[^"]*"/g, "");
  const cells = (delimiter: string) => line.split(delimiter).length;
  return [",", "\t", ";", "|"].reduce((best, delimiter) =>
    cells(delimiter) > cells(best) ? delimiter : best,
  );
}

function countBreaks(cell: string): number {
  return cell.includes("\n") ? cell.split("\n").length - 1 : 0;
}

function requireDistinct(titles: readonly string[], name: string): void {
  const seen = new Map<string, number>();
  titles.forEach((title, i) => {
    const before = seen.get(title);
    if (before !== undefined) {
      throw new DataError(
        `${printable(name)}: columns ${before + 1} and ${i + 1} are both called ${quoted(title)}. ` +
          "Rename one, or give the names in header; if the first line is a row, set header to false.",
      );
    }
    seen.set(title, i);
  });
}

function requireEven(records: readonly string[][], titles: readonly string[], source: Source): void {
  const row = records.findIndex((cells) => cells.length !== titles.length);
  if (row < 0) return;
  const cells = records[row]!;
  const place = { source, row };
  if (cells.length < titles.length) {
    throw new DataError(
      `found ${counted(cells.length, "cell")}, expected ${titles.length}. ` +
        "Add the missing cells, or leave one empty for a missing value.",
      { ...place, column: titles[cells.length]! },
    );
  }
  throw new DataError(
    `found ${counted(cells.length, "cell")}, expected ${titles.length}: ${quoted(cells[titles.length]!)} comes ` +
      `after the last column ${quoted(titles.at(-1)!)}. Remove it, or quote the cell that holds the delimiter.`,
    place,
  );
}

function inferColumn(
  name: string,
  records: readonly string[][],
  at: number,
  types: Readonly<Record<string, "number" | "text">>,
): Column {
  const values = new Float64Array(records.length).fill(Number.NaN);
  const texts: (string | null)[] = [];
  let misfit: { row: number; text: string } | undefined;
  let known = 0;
  let numbers = 0;
  records.forEach((cells, row) => {
    const cell = cells[at] ?? "";
    texts.push(isMissing(cell) ? null : cell);
    if (isMissing(cell)) return;
    known++;
    const value = parseNumber(cell);
    if (value === undefined) misfit ??= { row, text: cell };
    else {
      values[row] = value;
      numbers++;
    }
  });
  const type = Object.hasOwn(types, name)
    ? types[name]
    : 2 * numbers > known || known === 0
      ? "number"
      : "text";
  if (type === "text") return { name, type, values: texts };
  return { name, type: "number", values, ...(misfit && { misfit }) };
}
