import type { Ansis } from "ansis";
import { type Axis, place } from "./axis.js";
import { type Canvas, createCanvas, marks } from "./canvas.js";
import type { Inside } from "./frame.js";
import { inkOf } from "./ink.js";

/** The way a run took through a landscape of two variables. */
export interface Path {
  readonly name: string;
  /** Points one after another: [k, 2] row-major, or pairs. */
  readonly points: ArrayLike<number> | readonly (readonly [number, number])[];
}

/** A path's mark in one character. */
export interface Mark {
  readonly text: string;
  readonly paint: Ansis;
}

/**
 * Where paths pass: the mark in a column and row, if there is one. `dots` draws them in braille, to be told apart
 * by colour; else each path has its character, for dots of one colour would be lost among the lines of the ground.
 */
export function trailOf(
  paths: readonly Path[],
  x: Axis,
  y: Axis,
  { columns, rows }: Inside,
  { dots, ascii, paint }: { readonly dots: boolean; readonly ascii: boolean; readonly paint: Ansis },
): (column: number, row: number) => Mark | undefined {
  const canvas = createCanvas(columns, rows, dots);
  const ends = new Map<number, Mark>();
  const mark = (text: string, [u, v]: Point, ink: number) => {
    if (u < 0 || u > 1 || v < 0 || v > 1) return;
    ends.set(cell(1 - v, rows) * columns + cell(u, columns), { text, paint: pathPaint(paint, ink) });
  };
  paths.forEach(({ points }, ink) => {
    const way = pairs(points)
      .filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py))
      .map(([px, py]): Point => [place(x, px), place(y, py)]);
    for (let i = 1; i < way.length; i++) drawInside(canvas, way[i - 1]!, way[i]!, ink);
    if (way.length === 0) return;
    mark(ascii ? "O" : "○", way[0]!, ink);
    mark(ascii ? "@" : "●", way.at(-1)!, ink);
  });
  return (column, row) => {
    const end = ends.get(row * columns + column);
    if (end !== undefined) return end;
    const { text, ink } = canvas.cell(column, row);
    return ink < 0 ? undefined : { text, paint: pathPaint(paint, ink) };
  };
}

/** A path as the legend shows it. */
export function keyOfPath(ink: number, dots: boolean, paint: Ansis): string {
  const text = dots ? "○⠒●" : marks[ink % marks.length]!;
  // On the ground's colours white and black mean something; on the terminal's own they may not be seen.
  return paint.level >= 2 && dots
    ? pathPaint(paint, ink).bgHex("#31688e")(text)
    : pathPaint(paint, ink)(text);
}

/** From 0 to 1 on both axes where it is inside the picture. */
type Point = readonly [number, number];

/** The part of a segment that lies inside, drawn (Liang and Barsky, ACM Transactions on Graphics 3, 1984). */
function drawInside(canvas: Canvas, [x0, y0]: Point, [x1, y1]: Point, ink: number): void {
  let from = 0;
  let to = 1;
  for (const [start, change] of [
    [x0, x1 - x0],
    [y0, y1 - y0],
  ] as const) {
    if (change === 0) {
      if (start < 0 || start > 1) return;
      continue;
    }
    const [a, b] = [-start / change, (1 - start) / change];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  if (from > to) return;
  const column = (t: number) => cell(x0 + t * (x1 - x0), canvas.width);
  const row = (t: number) => cell(1 - (y0 + t * (y1 - y0)), canvas.height);
  canvas.line(column(from), row(from), column(to), row(to), ink);
}

function cell(part: number, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.floor(part * size)));
}

function pairs(points: Path["points"]): Point[] {
  if (typeof points[0] !== "number") return Array.from(points as readonly Point[]);
  const flat = points as ArrayLike<number>;
  return Array.from(
    { length: Math.floor(flat.length / 2) },
    (_, i): Point => [flat[2 * i]!, flat[2 * i + 1]!],
  );
}

// On viridis' blues and greens the usual inks drown: these stand out on all of it.
const onGround = ["#ffffff", "#ff5f5f", "#ff87ff", "#ffaf00", "#000000", "#afffff"] as const;

function pathPaint(paint: Ansis, ink: number): Ansis {
  return (paint.level >= 2 ? paint.hex(onGround[ink % onGround.length]!) : inkOf(paint, ink)).bold;
}
