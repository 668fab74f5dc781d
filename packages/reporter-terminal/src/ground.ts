import type { Ansis } from "ansis";
import { interpolateViridis } from "d3-scale-chromatic";
import type { Axis } from "./axis.js";
import { createCanvas } from "./canvas.js";
import type { Inside } from "./frame.js";
import { bandOf } from "./levels.js";
import { formatNumber } from "./numbers.js";
import type { Mark } from "./trail.js";

/** How height is shown: bands of colour, lines between bands, or a character for each band. */
export type GroundStyle = "filled" | "lines" | "text";

/** Heights under a picture: braille has 2 × 4 of them in a character, ASCII one. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  /** [height, width], from the top left. */
  readonly z: Float64Array;
}

/** A character of the picture: the path's mark there, or the ground alone. */
export type DrawCell = (column: number, row: number, mark: Mark | undefined) => string;

export function sampleGround(
  at: (x: number, y: number) => number,
  { domain: [left, right] }: Axis,
  { domain: [bottom, top] }: Axis,
  { columns, rows }: Inside,
  braille: boolean,
): Ground {
  const width = columns * (braille ? 2 : 1);
  const height = rows * (braille ? 4 : 1);
  const z = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    const y = top - ((row + 0.5) / height) * (top - bottom);
    for (let column = 0; column < width; column++) {
      z[row * width + column] = at(left + ((column + 0.5) / width) * (right - left), y);
    }
  }
  return { width, height, z };
}

export function drawGround(
  style: GroundStyle,
  ground: Ground,
  levels: readonly number[],
  paint: Ansis,
): DrawCell {
  if (style === "filled") return filled(ground, levels, paint);
  return style === "lines" ? lined(ground, levels, paint) : typed(ground, levels);
}

/** What the bands mean: the levels from the lowest to the highest. */
export function keyOfLevels(style: GroundStyle, levels: readonly number[], paint: Ansis): string {
  if (levels.length === 0) return paint.dim("flat");
  const figures = levels.map((level) =>
    formatNumber(level, 3)
      .replace(/(\.\d*?)0+(?=e|$)/, "$1")
      .replace(/\.(?=e|$)/, ""),
  );
  if (style === "lines") return paint.dim(`levels ${figures.join(", ")}`);
  if (style === "text") {
    const bands = figures.map((figure, i) => `${figure}[${bandCharacter(i + 1, levels.length)}]`);
    return `[${bandCharacter(0, levels.length)}]${bands.join("")}`;
  }
  const [lowest, ...colors] = bandColors(levels.length).map((color) => paint.hex(color)("██"));
  return [lowest, ...figures.flatMap((figure, i) => [paint.dim(figure), colors[i]])].join(" ");
}

/** Two halves to a character, each of one colour. */
function filled({ width, z }: Ground, levels: readonly number[], paint: Ansis): DrawCell {
  const colors = bandColors(levels.length);
  const colorOf = (column: number, half: number) => {
    const at = 2 * half * width + 2 * column;
    const mean = (z[at]! + z[at + 1]! + z[at + width]! + z[at + width + 1]!) / 4;
    return Number.isNaN(mean) ? undefined : colors[bandOf(levels, mean)]!;
  };
  return (column, row, mark) => {
    const [upper, lower] = [colorOf(column, 2 * row), colorOf(column, 2 * row + 1)];
    if (mark !== undefined) {
      const ground = upper ?? lower;
      return (ground === undefined ? mark.paint : mark.paint.bgHex(ground))(mark.text);
    }
    if (upper === lower) return upper === undefined ? " " : paint.bgHex(upper)(" ");
    if (upper === undefined) return paint.hex(lower!)("▄");
    return (lower === undefined ? paint.hex(upper) : paint.hex(upper).bgHex(lower))("▀");
  };
}

/** A dot where the band to the right or below is another one. */
function lined({ width, height, z }: Ground, levels: readonly number[], paint: Ansis): DrawCell {
  const canvas = createCanvas(width / 2, height / 4, true);
  const band = Int16Array.from(z, (value) => (Number.isNaN(value) ? -1 : bandOf(levels, value)));
  const parts = (a: number, b: number) => a >= 0 && b >= 0 && a !== b;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const here = band[row * width + column]!;
      const right = column + 1 < width ? band[row * width + column + 1]! : here;
      const below = row + 1 < height ? band[(row + 1) * width + column]! : here;
      if (parts(here, right) || parts(here, below)) canvas.dot(column, row, 0);
    }
  }
  return (column, row, mark) => (mark ? mark.paint(mark.text) : paint.dim(canvas.cell(column, row).text));
}

function typed({ width, z }: Ground, levels: readonly number[]): DrawCell {
  return (column, row, mark) => {
    if (mark !== undefined) return mark.text;
    const value = z[row * width + column]!;
    return Number.isNaN(value) ? " " : bandCharacter(bandOf(levels, value), levels.length);
  };
}

// Sparse to dense, and none that marks a path.
const ramp = " .,:;-~=!/|";

function bandCharacter(band: number, highest: number): string {
  return ramp[Math.round((band / highest) * (ramp.length - 1))]!;
}

/** Viridis (van der Walt and Smith 2015): even in brightness, and read by the colour-blind. */
function bandColors(highest: number): string[] {
  return Array.from({ length: highest + 1 }, (_, band) =>
    interpolateViridis(highest === 0 ? 0.5 : band / highest),
  );
}
