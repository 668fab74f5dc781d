import { type Axis, type Tick, ticks } from "./axis.js";
import { displayWidth, padStart } from "./text.js";

/** Room for a picture inside its frame. */
export interface Inside {
  readonly columns: number;
  readonly rows: number;
}

/** Rows that a frame takes beside the picture: the axis and its labels. */
export const frameRows = 2;

interface Strokes {
  readonly side: string;
  readonly sideTick: string;
  readonly corner: string;
  readonly bottom: string;
  readonly bottomTick: string;
}

const lines: Strokes = { side: "│", sideTick: "┤", corner: "└", bottom: "─", bottomTick: "┬" };
const ascii: Strokes = { side: "|", sideTick: "+", corner: "+", bottom: "-", bottomTick: "+" };

/** Columns and rows left for a picture with this axis on its left, in so many columns and rows altogether. */
export function insideOf(y: Axis, width: number, height: number): Inside {
  const rows = Math.max(1, height - frameRows);
  return { columns: Math.max(1, width - gutterOf(y, rows) - 1), rows };
}

/**
 * A picture with its axes. `picture` has the rows `insideOf` gave, each as wide as it said; labels are plain text.
 * `dim` paints the axes.
 */
export function frame(
  picture: readonly string[],
  columns: number,
  { x, y }: { readonly x: Axis; readonly y: Axis },
  { braille, dim }: { readonly braille: boolean; readonly dim: (text: string) => string },
): string[] {
  const strokes = braille ? lines : ascii;
  const rows = picture.length;
  const gutter = gutterOf(y, rows);
  const left = new Map(yTicks(y, rows).map((tick) => [rowOf(tick, rows), tick.label]));
  const framed = picture.map((line, row) => {
    const label = left.get(row);
    const side = label === undefined ? strokes.side : strokes.sideTick;
    return dim(padStart(label ?? "", gutter) + side) + line;
  });
  const { axis, labels } = bottom(x, columns, strokes);
  return [
    ...framed,
    dim(" ".repeat(gutter) + strokes.corner + axis),
    dim((" ".repeat(gutter + 1) + labels).trimEnd()),
  ];
}

function yTicks(y: Axis, rows: number): Tick[] {
  return ticks(y, Math.max(2, Math.floor(rows / 3)));
}

function gutterOf(y: Axis, rows: number): number {
  return Math.max(0, ...yTicks(y, rows).map(({ label }) => displayWidth(label))) + 1;
}

function rowOf({ at }: Tick, rows: number): number {
  return Math.min(rows - 1, Math.floor((1 - at) * rows));
}

function bottom(x: Axis, columns: number, strokes: Strokes): { axis: string; labels: string } {
  const axis = Array.from({ length: columns }, () => strokes.bottom);
  const name = displayWidth(x.label) < columns ? x.label : "";
  // The axis' name stands at its end; a tick whose label would run into it, or into the one before, has none.
  const end = columns - displayWidth(name);
  let labels = "";
  for (const { at, label } of ticks(x, Math.max(2, Math.floor(columns / 8)))) {
    const column = Math.min(columns - 1, Math.floor(at * columns));
    const from = Math.max(0, column - Math.floor((label.length - 1) / 2));
    if (from + label.length > end - 1 || (labels !== "" && from < labels.length + 1)) continue;
    axis[column] = strokes.bottomTick;
    labels = labels.padEnd(from) + label;
  }
  return { axis: axis.join(""), labels: labels.padEnd(end) + name };
}
