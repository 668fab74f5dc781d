import type { Ansis } from "ansis";
import { type Axis, axisOver, place } from "./axis.js";
import { type Canvas, createCanvas, marks } from "./canvas.js";
import { frame, frameRows, insideOf } from "./frame.js";
import { inkOf } from "./ink.js";
import { type Look, paintFor } from "./look.js";
import { count, formatNumber } from "./numbers.js";
import { flow, sanitize, truncate } from "./text.js";

/** Points of one curve. A value that is not finite breaks the line. */
export interface Series {
  readonly name: string;
  /** As long as `y`. Default 0, 1, 2, …. */
  readonly x?: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface LossCurveOptions extends Look {
  /** Lines altogether, legend and axes included; more only where a legend of many lines needs them. Default 14. */
  readonly height?: number;
  /** Logarithmic x axis. Default `false`. */
  readonly logX?: boolean | undefined;
  /** Logarithmic y axis. Default: where all values are positive and span two powers of ten. */
  readonly logY?: boolean | undefined;
  /** Default "step". */
  readonly xLabel?: string;
  /** Default "loss". */
  readonly yLabel?: string;
}

const minimumRows = 3;

/**
 * Curves over common axes, drawn with characters: lines joined by "\n", none wider than `width`. Several series are
 * told apart by colour; without colour by dashes, and more than three by letters. On a logarithmic axis points at
 * or below 0 have no place: they are left out, and the legend says how many.
 */
export function lossCurve(
  series: readonly Series[],
  {
    width = 80,
    height = 14,
    logX = false,
    logY,
    xLabel = "step",
    yLabel = "loss",
    color = false,
    braille = true,
  }: LossCurveOptions = {},
): string {
  const paint = paintFor(color);
  const ascii = !braille;
  const clean = (text: string) => sanitize(text, { ascii });
  const log = { x: logX, y: logY ?? spansDecades(series) };
  const curves = series.map((one) => visible(one, log));
  const domain = { x: extent(curves.map(({ x }) => x)), y: extent(curves.map(({ y }) => y)) };

  const hidden = curves.reduce((sum, curve) => sum + curve.hidden, 0);
  const left = hidden > 0 ? `${count(hidden, "point")} at or below 0 not on the log axis` : "";
  if (domain.x === undefined || domain.y === undefined) {
    return truncate([`${clean(yLabel)}: no points to draw`, left].filter(Boolean).join(", "), width, {
      ascii,
    });
  }

  const [from, to] = domain.x;
  // Steps begin at 1: an axis that nearly begins at 0 does.
  const x = axisOver(clean(xLabel), log.x, !log.x && from > 0 && from < to / 10 ? 0 : from, to);
  const y = axisOver(clean(yLabel), log.y, ...domain.y);
  const colored = paint.level > 0;
  const dashes = braille && !colored && curves.length <= patterns.length;
  const dots = braille && (colored || dashes);
  const title = `${paint.bold(y.label)}${log.y ? paint.dim(" (log)") : ""}`;
  const entries = series.map(({ name, y: values }, ink) => {
    const key = dots ? (dashes ? keys[ink]! : "⠒⠒") : marks[ink % marks.length]!;
    const last = lastFinite(values);
    return `${inkOf(paint, ink)(key)} ${clean(name)}${last === undefined ? "" : ` ${formatNumber(last)}`}`;
  });
  const legend = flow([title, ...entries, ...(left ? [paint.dim(left)] : [])], width);

  const inside = insideOf(y, width, Math.max(minimumRows + frameRows, height - legend.length));
  const canvas = createCanvas(inside.columns, inside.rows, dots);
  curves.forEach((curve, ink) => {
    draw(canvas, curve, x, y, ink, dashes ? patterns[ink] : undefined);
  });
  const named = log.x ? { ...x, label: `${x.label} (log)` } : x;
  const dim = (text: string) => paint.dim(text);
  const picture = frame(rowsOf(canvas, paint), inside.columns, { x: named, y }, { braille, dim });
  return [...legend, ...picture].map((line) => truncate(line, width, { ascii })).join("\n");
}

interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Points that a logarithmic axis has no place for. */
  readonly hidden: number;
}

/** Points as the axes can show them; those without a place are NaN. */
function visible({ name, x, y }: Series, log: { x: boolean; y: boolean }): Curve {
  if (x !== undefined && x.length !== y.length) {
    throw new RangeError(
      `lossCurve: series ${JSON.stringify(name)} has ${x.length} values of x and ${y.length} of y. Give as many of each.`,
    );
  }
  const shown = { x: new Float64Array(y.length), y: new Float64Array(y.length) };
  let hidden = 0;
  for (let i = 0; i < y.length; i++) {
    const at = x === undefined ? i : x[i]!;
    const finite = Number.isFinite(at) && Number.isFinite(y[i]);
    const fits = (!log.x || at > 0) && (!log.y || y[i]! > 0);
    if (finite && !fits) hidden++;
    shown.x[i] = finite && fits ? at : Number.NaN;
    shown.y[i] = finite && fits ? y[i]! : Number.NaN;
  }
  return { ...shown, hidden };
}

function extent(columns: readonly ArrayLike<number>[]): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      if (!Number.isFinite(column[i])) continue;
      low = Math.min(low, column[i]!);
      high = Math.max(high, column[i]!);
    }
  }
  return low <= high ? [low, high] : undefined;
}

function spansDecades(series: readonly Series[]): boolean {
  const [low, high] = extent(series.map(({ y }) => y)) ?? [0, 0];
  return low > 0 && high / low >= 100;
}

function lastFinite(values: ArrayLike<number>): number | undefined {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values[i])) return values[i];
  return undefined;
}

// Solid, dashed, dotted: along both directions, so that steep parts keep their pattern.
const patterns: readonly ((x: number, y: number) => boolean)[] = [
  () => true,
  (x, y) => (x + y) % 6 < 3,
  (x, y) => (x + y) % 4 === 0,
];
const keys = ["⠒⠒", "⠒ ⠒", "⠂⠂"];

function draw(
  canvas: Canvas,
  curve: Curve,
  x: Axis,
  y: Axis,
  ink: number,
  pattern?: (x: number, y: number) => boolean,
): void {
  let before: readonly [number, number] | undefined;
  for (let i = 0; i < curve.y.length; i++) {
    if (Number.isNaN(curve.y[i])) {
      before = undefined;
      continue;
    }
    const px = Math.min(canvas.width - 1, Math.floor(place(x, curve.x[i]!) * canvas.width));
    const py = Math.min(canvas.height - 1, Math.floor((1 - place(y, curve.y[i]!)) * canvas.height));
    // A line's own start is where the one before ended: alone it is drawn whatever its pattern.
    if (before === undefined) canvas.dot(px, py, ink);
    else canvas.line(before[0], before[1], px, py, ink, pattern);
    before = [px, py];
  }
}

/** A canvas' rows, neighbours of one ink painted together. */
function rowsOf(canvas: Canvas, paint: Ansis): string[] {
  return Array.from({ length: canvas.rows }, (_, row) => {
    let line = "";
    let run = "";
    let ink = -1;
    for (let column = 0; column <= canvas.columns; column++) {
      const cell = column < canvas.columns ? canvas.cell(column, row) : { text: "", ink: -2 };
      if (cell.ink !== ink) {
        line += ink < 0 ? run : inkOf(paint, ink)(run);
        run = "";
        ink = cell.ink;
      }
      run += cell.text;
    }
    return line.trimEnd();
  });
}
