import { clipped, frameOf, svgDocument, themeOf } from "./frame.js";
import { type Markup, markup } from "./markup.js";
import { formatNumber, px } from "./numbers.js";
import type { PictureOptions } from "./picture.js";
import { extentOf, padded, type Range } from "./scale.js";
import { strokeOf } from "./theme.js";

/** What a regression model makes of its data. */
export interface Fit {
  /** [n]: the only feature, where there is but one. */
  readonly x?: ArrayLike<number> | undefined;
  /** [n]: the target's true values. */
  readonly y: ArrayLike<number>;
  /** [k, 2], x ascending: the model's values. */
  readonly line?: ArrayLike<number> | undefined;
  /** [n]: the model's value for each row. */
  readonly predicted?: ArrayLike<number> | undefined;
}

export interface FitOptions extends PictureOptions {
  readonly xLabel?: string | undefined;
  /** Name of the target. */
  readonly yLabel?: string | undefined;
}

/** The fitted line through the data. @throws RangeError without `x` and `line`. */
export function fitSvg({ x, y, line }: Fit, options: FitOptions = {}): string {
  if (x === undefined || line === undefined)
    throw new RangeError("fitSvg: x and line are needed for this picture.");
  const theme = themeOf(options.theme);
  const every = (offset: number) => Array.from({ length: line.length / 2 }, (_, i) => line[2 * i + offset]!);
  const [lineX, lineY] = [every(0), every(1)];
  const accent = strokeOf(theme, 1).color;
  return scatter(
    x,
    y,
    { title: "Fit", xLabel: "x", yLabel: "y", ...options },
    [lineX],
    [lineY],
    [
      { name: "data", shape: "dot", color: strokeOf(theme, 0).color },
      { name: "model", color: accent },
    ],
    (toX, toY) => {
      const d = lineX
        .map((value, i) => `${i === 0 ? "M" : "L"}${px(toX(value))} ${px(toY(lineY[i]!))}`)
        .join("");
      return markup`<path d="${d}" fill="none" stroke="${accent}" stroke-width="2.5" stroke-linejoin="round"/>`;
    },
  );
}

/** Predicted against true values; a perfect model's dots lie on the diagonal. @throws RangeError without `predicted`. */
export function predictedSvg({ y, predicted }: Fit, options: FitOptions = {}): string {
  const values = needed("predictedSvg", predicted);
  const target = options.yLabel ?? "y";
  const theme = themeOf(options.theme);
  const both = extentOf([y, values]);
  return scatter(
    y,
    values,
    { title: "Predicted against true", ...options, xLabel: `true ${target}`, yLabel: `predicted ${target}` },
    [both],
    [both],
    [
      { name: "rows", shape: "dot", color: strokeOf(theme, 0).color },
      { name: "predicted = true", color: theme.axis, dash: "5 4" },
    ],
    (toX, toY) => diagonal(toX, toY, both, both, theme.axis),
  );
}

/** What is left of each true value after the prediction (true − predicted), against the prediction. @throws RangeError without `predicted`. */
export function residualsSvg({ y, predicted }: Fit, options: FitOptions = {}): string {
  const values = needed("residualsSvg", predicted);
  const target = options.yLabel ?? "y";
  const theme = themeOf(options.theme);
  const left = residuals(y, values);
  const mean = left.reduce((sum, value) => sum + value, 0) / Math.max(1, left.length);
  const deviation = Math.sqrt(
    left.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, left.length),
  );
  const along = extentOf([values]);
  return scatter(
    values,
    left,
    { title: "Residuals", ...options, xLabel: `predicted ${target}`, yLabel: `true − predicted ${target}` },
    [along],
    [[0, 0]],
    [
      { name: "rows", shape: "dot", color: strokeOf(theme, 0).color },
      {
        name: `mean ${formatNumber(mean, 3)}, standard deviation ${formatNumber(deviation, 3)}`,
        color: theme.axis,
        dash: "5 4",
      },
    ],
    (toX, toY) => diagonal(toX, toY, along, [0, 0], theme.axis),
  );
}

/** True less predicted. */
export function residuals(y: ArrayLike<number>, predicted: ArrayLike<number>): number[] {
  return Array.from(predicted, (value, i) => y[i]! - value);
}

function needed(where: string, predicted: ArrayLike<number> | undefined): ArrayLike<number> {
  if (predicted === undefined) throw new RangeError(`${where}: predicted is needed for this picture.`);
  return predicted;
}

type ToPixel = (value: number) => number;

function scatter(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { title, xLabel, yLabel, width = 720, height = 420, ...options }: FitOptions,
  alsoX: readonly ArrayLike<number>[],
  alsoY: readonly ArrayLike<number>[],
  keys: readonly { name: string; color: string; dash?: string; shape?: "dot" }[],
  over: (toX: ToPixel, toY: ToPixel) => Markup,
): string {
  const theme = themeOf(options.theme);
  const frame = frameOf({
    ...{ width, height, title, xLabel, yLabel, theme, keys },
    x: padded(extentOf([x, ...alsoX]), 0.04),
    y: padded(extentOf([y, ...alsoY]), 0.06),
  });
  const { color } = strokeOf(theme, 0);
  // Many dots lie over each other: the fainter they are, the better their density is seen.
  const opacity = x.length > 1000 ? 0.25 : x.length > 150 ? 0.5 : 0.75;
  const dots = dotsPath(x, y, frame.x, frame.y);
  const body = markup`<path d="${dots}" stroke="${color}" stroke-opacity="${opacity}" stroke-width="6" stroke-linecap="round" fill="none"/>${over(frame.x, frame.y)}`;
  return svgDocument(
    width,
    height,
    theme,
    title ?? "",
    markup`${frame.back}${clipped(frame.plot, body)}${frame.front}`,
  );
}

/** A line of no length for each row (its round caps are the dot), each pixel once. */
function dotsPath(x: ArrayLike<number>, y: ArrayLike<number>, toX: ToPixel, toY: ToPixel): string {
  const dots = new Set<string>();
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]!) && Number.isFinite(y[i]!)) dots.add(`M${px(toX(x[i]!))} ${px(toY(y[i]!))}h0`);
  }
  return [...dots].join("");
}

function diagonal(toX: ToPixel, toY: ToPixel, [x0, x1]: Range, [y0, y1]: Range, color: string): Markup {
  return markup`<path d="M${px(toX(x0))} ${px(toY(y0))}L${px(toX(x1))} ${px(toY(y1))}" stroke="${color}" stroke-width="1.6" stroke-dasharray="5 4"/>`;
}
