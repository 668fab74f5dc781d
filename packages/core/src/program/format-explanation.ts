import type { Explanation } from "./explain.js";

/** An explanation as a table for people: a line per kernel, then sums and memory. */
export function formatExplanation(explanation: Explanation): string {
  const { kernels, buffers, dtype, hostValues, deviceScalars } = explanation;
  const rows = kernels.map((kernel, i) => [
    String(i + 1),
    kernel.kind,
    kernel.shape,
    count(kernel.bytesRead),
    count(kernel.bytesWritten),
    count(kernel.flops),
    `${kernel.reads.join(" ") || "-"} → ${kernel.writes.join(" ") || "a scalar"}`,
  ]);
  const sums = [
    "",
    "total",
    "",
    count(explanation.bytesRead),
    count(explanation.bytesWritten),
    count(explanation.flops),
    "",
  ];
  const lines = table([["#", "kernel", "shape", "read B", "written B", "flops", "memory"], ...rows, sums]);
  const memory = buffers.map(({ name, bytes }) => `${name} ${count(bytes)} B`).join(", ");
  return [
    ...lines,
    "",
    `${dtype}; ${kernels.length} ${kernels.length === 1 ? "kernel" : "kernels"}, ` +
      `${hostValues} values on the host, ${deviceScalars} scalars on the device`,
    `memory: ${memory}`,
  ].join("\n");
}

/** Thousands apart, as in 1 234 567. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, " ");
}

/** Columns of equal width; numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const isNumber = (column: number) => column === 0 || (column >= 3 && column <= 5);
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join("  ")
      .trimEnd(),
  );
}
