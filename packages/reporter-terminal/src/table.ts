import type { Ansis } from "ansis";
import CliTable from "cli-table3";
import { displayWidth, padEnd } from "./text.js";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

const blank = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  right: "",
  "right-mid": "",
};

/**
 * Rows under a ruled head. Where that is wider than `width`, each row becomes a paragraph of its own, a line for
 * each column: nothing is cut away. Cells may be painted; an empty one means there is no figure.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, braille, paint }: { readonly width: number; readonly braille: boolean; readonly paint: Ansis },
): string {
  const rule = braille ? "─" : "-";
  const drawn = new CliTable({
    head: columns.map(({ title }) => paint.bold(title)),
    colAligns: columns.map(({ align }) => align),
    chars: { ...blank, mid: rule, "mid-mid": rule.repeat(2), middle: "  " },
    // Colours are ours: these would come on whatever the terminal.
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  drawn.push(...rows.map((row) => [...row]));
  const lines = drawn.toString().split("\n");
  if (Math.max(...lines.map(displayWidth)) <= width) return lines.map((line) => line.trimEnd()).join("\n");

  const titles = Math.max(...columns.map(({ title }) => displayWidth(title)));
  return rows
    .map((row) =>
      row
        .flatMap((cell, i) =>
          cell === "" ? [] : [`${paint.dim(padEnd(columns[i]!.title, titles))}  ${cell}`],
        )
        .join("\n"),
    )
    .join("\n\n");
}
