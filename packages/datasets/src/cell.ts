const missing = new Set(["", "na", "n/a", "nan", "null", "?"]);
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const infinite = /^[+-]?inf(inity)?$/i;

/** Empty, NA, N/A, NaN, null and ?, in either case. */
export function isMissing(cell: string): boolean {
  return missing.has(cell.toLowerCase());
}

/** The number a cell holds, infinite ones included; undefined for text. */
export function parseNumber(cell: string): number | undefined {
  if (decimal.test(cell)) return Number(cell);
  if (infinite.test(cell)) return cell.startsWith("-") ? -Infinity : Infinity;
  return undefined;
}
