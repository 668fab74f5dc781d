import { DataError, type Source } from "./data-error.js";
import type { Rows } from "./rows.js";
import { counted, printable } from "./text.js";

/**
 * What becomes of missing values: an error that names the first, rows dropped, or features filled with their mean
 * or median over the training part (one-hot columns too: "mean" puts each category's share). A row whose target or
 * weight is missing is never filled but dropped.
 */
export type Missing = "error" | "drop" | "mean" | "median";

/** The table's columns behind x, y and the weights. */
export interface Origins {
  /** One for each column of x. */
  readonly features: readonly string[];
  readonly target: string;
  readonly weight: string | undefined;
}

/** Throws a DataError at the first infinite value. x: [rows, columns] */
export function requireFinite(source: Source, columns: readonly string[], x: Float64Array): void {
  const at = x.findIndex((value) => Math.abs(value) === Infinity);
  if (at < 0) return;
  throw new DataError(`found ${x[at]}, expected a finite number. Correct it, or leave the row out.`, {
    source,
    row: Math.floor(at / columns.length),
    column: columns[at % columns.length]!,
  });
}

/** Indices of the rows to keep, all of them or fewer, and what people should know about the others. */
export function resolveMissing(
  source: Source,
  rows: Rows,
  origins: Origins,
  missing: Missing,
): { readonly kept: Uint32Array; readonly notices: readonly string[] } {
  const { count, width, x, y, weight } = rows;
  const imputed = missing === "mean" || missing === "median";
  const filled = new Map<string, number>();
  const droppedFor = new Set<string>();
  const kept: number[] = [];
  for (let row = 0; row < count; row++) {
    if (isComplete(rows, row)) {
      kept.push(row);
      continue;
    }
    const gaps = new Set(origins.features.filter((_, j) => Number.isNaN(x[row * width + j]!)));
    const lost = new Set(imputed ? [] : gaps);
    if (Number.isNaN(y[row]!)) lost.add(origins.target);
    if (weight && Number.isNaN(weight[row]!)) lost.add(origins.weight!);
    if (lost.size === 0) {
      kept.push(row);
      for (const column of gaps) filled.set(column, (filled.get(column) ?? 0) + 1);
      continue;
    }
    if (missing === "error") {
      throw new DataError(
        'the value is missing or NaN. Fill it in, or set missing to "drop" to leave out such rows, or to "mean" or ' +
          '"median" to fill in features.',
        { source, row, column: [...lost][0]! },
      );
    }
    for (const column of lost) droppedFor.add(column);
  }
  const notices: string[] = [];
  if (kept.length < count) {
    const names = [...origins.features, origins.target, origins.weight ?? origins.target];
    const causes = alternatives([...new Set(names)].filter((name) => droppedFor.has(name)));
    notices.push(`${count - kept.length} of ${counted(count, "row")} dropped: ${causes} is missing.`);
  }
  if (kept.length === 0) throw new DataError(`${printable(source.name)}: no row is complete. ${notices[0]}`);
  if (filled.size > 0) {
    const total = [...filled.values()].reduce((a, b) => a + b, 0);
    const where = [...filled].map(([column, n]) => `${printable(column)} (${n})`).join(", ");
    notices.push(`${counted(total, "missing value")} filled with the column's ${missing}: ${where}.`);
  }
  return { kept: Uint32Array.from(kept), notices };
}

function isComplete({ width, x, y, weight }: Rows, row: number): boolean {
  if (Number.isNaN(y[row]!) || (weight && Number.isNaN(weight[row]!))) return false;
  for (let k = row * width; k < (row + 1) * width; k++) if (Number.isNaN(x[k]!)) return false;
  return true;
}

function alternatives(names: readonly string[]): string {
  const shown = names.map(printable);
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

/** The mean or median of each feature over the rows that have it. */
export function fitFill(
  { count, width, x }: Rows,
  statistic: "mean" | "median",
  names: readonly string[],
): number[] {
  return names.map((name, j) => {
    const known = Float64Array.from({ length: count }, (_, row) => x[row * width + j]!).filter(
      (value) => !Number.isNaN(value),
    );
    if (known.length === 0) {
      throw new DataError(
        `every value of the column ${printable(name)} is missing in the ${counted(count, "row")} to fit to; there is ` +
          `no ${statistic} to fill in. Leave the column out of the features.`,
      );
    }
    return statistic === "mean" ? meanOf(known) : medianOf(known);
  });
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Puts `fill[j]` where feature j is missing, in place. x: [rows, features] */
export function fillMissing(x: Float64Array, fill: readonly number[]): Float64Array {
  for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i]!)) x[i] = fill[i % fill.length]!;
  return x;
}
