/** Rows as CSV (RFC 4180) under a line of column names. */
export function toCsv(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]!))];
  return lines.map((cells) => `${cells.map(quote).join(",")}\n`).join("");
}

function quote(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
