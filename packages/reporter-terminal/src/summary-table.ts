import { type Look, paintFor } from "./look.js";
import { formatDuration, formatNumber } from "./numbers.js";
import type { RunSummary } from "./run-summary.js";
import { statusWord } from "./status.js";
import { type Column, table } from "./table.js";
import { sanitize } from "./text.js";

/**
 * Runs side by side: status, loss, what the status' criterion achieved (where that is another figure than the
 * loss), metrics, steps, evaluations and time; below, why each run ended. Columns that no run fills are left out.
 */
export function summaryTable(
  rows: readonly RunSummary[],
  { width = 80, color = false, braille = true }: Look = {},
): string {
  const paint = paintFor(color);
  const clean = (text: string) => sanitize(text, { ascii: !braille });
  const metrics = new Map(
    rows.flatMap(({ metrics = {} }) =>
      Object.entries(metrics).flatMap(([part, figures]) =>
        Object.keys(figures).map((name) => [`${part} ${name}`, { part, name }] as const),
      ),
    ),
  );
  const all: { column: Column; cell: (row: RunSummary) => string }[] = [
    { column: { title: "run", align: "left" }, cell: ({ name }) => clean(name) },
    { column: { title: "status", align: "left" }, cell: ({ status }) => statusWord(status, paint, braille) },
    { column: { title: "loss", align: "right" }, cell: ({ value }) => formatNumber(value, 6) },
    { column: { title: "achieved", align: "right" }, cell: achieved },
    ...[...metrics].map(([title, { part, name }]) => ({
      column: { title: clean(title), align: "right" as const },
      cell: ({ metrics = {} }: RunSummary) =>
        optional(metrics[part]?.[name], (figure) => formatNumber(figure)),
    })),
    { column: { title: "steps", align: "right" }, cell: ({ steps }) => String(steps) },
    {
      column: { title: "evaluations", align: "right" },
      cell: ({ evaluations }) => optional(evaluations, String),
    },
    { column: { title: "time", align: "right" }, cell: ({ timeMs }) => formatDuration(timeMs) },
  ];
  const used = all.filter(({ cell }) => rows.some((row) => cell(row) !== ""));
  const drawn = table(
    used.map(({ column }) => column),
    rows.map((row) => used.map(({ cell }) => cell(row))),
    { width, braille, paint },
  );
  const reasons = rows.map(({ name, status }) => `${paint.bold(clean(name))}: ${clean(status.why)}`);
  return [drawn, "", ...reasons].join("\n");
}

function achieved({ status, value }: RunSummary): string {
  return status.achieved === Number(value) || Number.isNaN(status.achieved)
    ? ""
    : formatNumber(status.achieved, 3);
}

function optional<T>(figure: T | undefined, format: (figure: T) => string): string {
  return figure === undefined ? "" : format(figure);
}
