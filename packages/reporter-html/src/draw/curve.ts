import { decimate, type PixelColumn, type Samples, visiblePart } from "./decimate.js";
import { clipped, type Frame, frameOf, type Key, svgDocument, themeOf } from "./frame.js";
import { type Markup, markup } from "./markup.js";
import { px } from "./numbers.js";
import type { Columns, PictureOptions } from "./picture.js";
import { extentOf, padded, type Range } from "./scale.js";
import { smooth } from "./smooth.js";
import { strokeOf, type Theme } from "./theme.js";

export interface Curve extends Samples {
  readonly name: string;
  /** Which of the theme's colours. Default its place in the list. */
  readonly color?: number;
  /** `stroke-dasharray` of the line. Default that of the colour. */
  readonly dash?: string;
  /** Its values are without noise: no average is drawn. Default `false`. */
  readonly exact?: boolean;
}

export interface CurveOptions extends PictureOptions {
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Logarithmic x axis. Default `false`. */
  readonly logX?: boolean;
  /** Logarithmic y axis. Default: where the values are positive and span two powers of ten. */
  readonly logY?: boolean;
  /** Weight of the past in the moving average, in [0, 1). Default 0: no smoothing. */
  readonly smoothing?: number;
  /** Places on the x axis to mark: where runs went on from a checkpoint. */
  readonly marks?: readonly number[];
  /** Part to show. Default all of it. */
  readonly xRange?: Range | undefined;
  readonly yRange?: Range | undefined;
}

/** A picture of curves, and where things are in it. */
export interface CurvesPicture extends Frame {
  readonly svg: string;
  /** The smoothed values by curve; the values themselves without smoothing. */
  readonly smoothed: readonly ArrayLike<number>[];
}

/** Curves over a common x axis: every value within its pixel's band from least to largest, and their smoothed course. */
export function curveSvg(curves: readonly Curve[], options: CurveOptions = {}): string {
  return drawCurves(curves, options).svg;
}

/** Whether values call for a logarithmic axis: all positive, and two powers of ten apart. */
export function suggestsLog(curves: readonly Curve[]): boolean {
  const [low, high] = extentOf(curves.flatMap(({ y, min, max }) => [min ?? y, max ?? y]));
  return low > 0 && high / low >= 100;
}

export function drawCurves(curves: readonly Curve[], options: CurveOptions = {}): CurvesPicture {
  const {
    width = 720,
    height = 360,
    title,
    xLabel,
    yLabel,
    logX = false,
    logY = suggestsLog(curves),
    smoothing = 0,
    marks = [],
  } = options;
  const theme = themeOf(options.theme);
  const smoothed = curves.map(({ y, count, exact }) =>
    smoothing > 0 && !exact ? smooth(y, smoothing, count) : y,
  );
  const x =
    options.xRange ??
    extentOf(
      curves.map((curve) => curve.x),
      logX,
    );
  const inSight = curves.map((curve) => part(curve, x));
  const y =
    options.yRange ??
    padded(
      extentOf(
        inSight.flatMap((curve) => [curve.min ?? curve.y, curve.max ?? curve.y]),
        logY,
      ),
      0.05,
      logY,
    );
  const strokes = curves.map(({ color, dash }, i) => ({
    ...strokeOf(theme, color ?? i),
    ...(dash && { dash }),
  }));
  const keys: Key[] = curves.map(({ name }, i) => ({ name, ...strokes[i]! }));
  const frame = frameOf({
    ...{ width, height, x, y, logX, logY, title, xLabel, yLabel, theme },
    keys: curves.length > 1 ? keys : [],
    note: noteOf(inSight, { smoothing, logY, width, marked: marks.length > 0 }),
  });

  const shows = (value: number) => Number.isFinite(value) && (!logY || value > 0);
  const toPixel = (value: number) => frame.x(value);
  const body = curves.map((curve, i) => {
    const { color, dash } = strokes[i]!;
    const lines = decimate(inSight[i]!, toPixel, shows);
    const band = curve.exact ? "" : lines.map((line) => bandPath(line, frame)).join("");
    const raw = lines
      .map((line) => (curve.exact ? extremesPath(line, frame) : linePath(line, frame)))
      .join("");
    const faint = smoothing > 0 && !curve.exact;
    const course = faint
      ? decimate(part({ ...curve, y: smoothed[i]!, min: undefined, max: undefined }, x), toPixel, shows)
          .map((line) => linePath(line, frame))
          .join("")
      : "";
    return markup`<g fill="none" stroke="${color}" stroke-linejoin="round">${band && markup`<path d="${band}" fill="${color}" stroke-width="1" opacity="${faint ? 0.2 : 0.28}"/>`}<path d="${raw}" stroke-width="${faint ? 1 : 1.6}" opacity="${faint ? 0.35 : 1}" stroke-dasharray="${faint ? "none" : dash}"/>${course && markup`<path d="${course}" stroke-width="2" stroke-dasharray="${dash}"/>`}${dots(lines, frame, color)}</g>${crosses(inSight[i]!, frame, theme)}`;
  });
  const svg = svgDocument(
    width,
    height,
    theme,
    title ?? "Curves",
    markup`${frame.back}${clipped(frame.plot, markup`${uprights(marks, frame, theme)}${body}`)}${frame.front}`,
  );
  return { ...frame, svg, smoothed };
}

/** The numbers behind the curves. */
export function curveColumns(curves: readonly Curve[], xLabel: string, smoothing: number): Columns {
  const columns: Record<string, (number | string)[]> = {
    curve: [],
    [xLabel]: [],
    value: [],
    min: [],
    max: [],
  };
  const { curve: names, [xLabel]: xs, value, min, max } = columns;
  const smoothed: number[] = [];
  for (const curve of curves) {
    const course = curve.exact ? curve.y : smooth(curve.y, smoothing, curve.count);
    for (let i = 0; i < curve.x.length; i++) {
      names!.push(curve.name);
      xs!.push(curve.x[i]!);
      value!.push(curve.y[i]!);
      min!.push((curve.min ?? curve.y)[i]!);
      max!.push((curve.max ?? curve.y)[i]!);
      smoothed.push(course[i]!);
    }
  }
  return smoothing > 0 ? { ...columns, [`EMA ${smoothing}`]: smoothed } : columns;
}

/** The samples in sight, with one more at either side, so that lines leave the picture. */
function part<T extends Samples>(curve: T, [low, high]: Range): T {
  const [from, to] = visiblePart(curve.x, low, high);
  if (from === 0 && to === curve.x.length) return curve;
  const cut = (values: ArrayLike<number> | undefined) =>
    values && Array.prototype.slice.call(values, from, to);
  const { x, y, min, max, count } = curve;
  return { ...curve, x: cut(x)!, y: cut(y)!, min: cut(min), max: cut(max), count: cut(count) };
}

function linePath(line: readonly PixelColumn[], { y }: Frame): string {
  return line.map(({ x, sum, count }, i) => `${i === 0 ? "M" : "L"}${px(x)} ${px(y(sum / count))}`).join("");
}

/** Through the first, the least, the largest and the last value of each pixel, so that none is passed by. */
function extremesPath(line: readonly PixelColumn[], { y }: Frame): string {
  return line
    .map(({ x, first, min, max, last, count }, i) => {
      const values = count === 1 ? [first] : [first, min, max, last];
      const distinct = values.filter((value, k) => k === 0 || value !== values[k - 1]);
      return `${i === 0 ? "M" : "L"}${distinct.map((value) => `${px(x)} ${px(y(value))}`).join("L")}`;
    })
    .join("");
}

/** From the largest values to the right, and back along the least; nothing where each pixel has one value. */
function bandPath(line: readonly PixelColumn[], { y }: Frame): string {
  if (!line.some(({ min, max }) => max > min)) return "";
  const there = line.map(({ x, max }) => `${px(x)} ${px(y(max))}`);
  const back = line.map(({ x, min }) => `${px(x)} ${px(y(min))}`).reverse();
  return `M${there.join("L")}L${back.join("L")}Z`;
}

/** So many values are seen one by one, and that there are none between them. */
const fewValues = 40;

/** A dot for each of few values, and for one that has no neighbour to draw a line to. */
function dots(lines: readonly (readonly PixelColumn[])[], { y }: Frame, color: string): Markup[] {
  const few = lines.reduce((sum, line) => sum + line.length, 0) <= fewValues;
  return lines
    .flatMap((line) => (few || line.length === 1 ? line : []))
    .map(
      ({ x, sum, count }) =>
        markup`<circle cx="${px(x)}" cy="${px(y(sum / count))}" r="2.5" fill="${color}" stroke="none"/>`,
    );
}

/** A cross at the upper edge for each pixel with a value that is not finite. */
function crosses({ x, y }: Samples, frame: Frame, theme: Theme): Markup | false {
  const at = new Set<number>();
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(y[i]!)) at.add(Math.round(frame.x(x[i]!)));
  if (at.size === 0) return false;
  const d = [...at].map((left) => `M${left - 3} ${frame.plot.top + 3}l6 6m0 -6l-6 6`).join("");
  return markup`<path d="${d}" stroke="${theme.alarm}" stroke-width="1.5" fill="none"/>`;
}

function uprights(marks: readonly number[], { x, plot }: Frame, theme: Theme): Markup | false {
  const at = marks.map((mark) => x(mark)).filter(Number.isFinite);
  if (at.length === 0) return false;
  const d = at.map((left) => `M${px(left)} ${plot.top}v${plot.height}`).join("");
  return markup`<path d="${d}" stroke="${theme.muted}" stroke-dasharray="4 4" fill="none"/>`;
}

function isConstant(values: ArrayLike<number>): boolean {
  return Array.prototype.every.call(values, (value) => value === values[0]);
}

/** How to read the picture, and what it does not show. */
function noteOf(
  inSight: readonly Curve[],
  {
    smoothing,
    logY,
    width,
    marked,
  }: { readonly smoothing: number; readonly logY: boolean; readonly width: number; readonly marked: boolean },
): string | undefined {
  const several = inSight.some(
    ({ x, y, count, exact }) => !exact && (x.length > width || count !== undefined) && !isConstant(y),
  );
  const smooths = smoothing > 0 && inSight.some(({ exact }) => !exact);
  let hidden = 0;
  let broken = 0;
  for (const { y } of inSight) {
    for (let i = 0; i < y.length; i++) {
      if (!Number.isFinite(y[i]!)) broken++;
      else if (logY && y[i]! <= 0) hidden++;
    }
  }
  const parts = [
    smooths && `bold: EMA ${smoothing}, debiased`,
    smooths && (several ? "thin: mean a pixel" : "thin: raw"),
    several && "band: min to max",
    hidden > 0 && `${hidden} not above 0, not shown on this axis`,
    broken > 0 && `× ${broken} not finite`,
    marked && "dashed upright: resumed",
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(" · ") : undefined;
}
