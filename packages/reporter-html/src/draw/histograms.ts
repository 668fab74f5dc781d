import { clipped, frameOf, svgDocument, themeOf } from "./frame.js";
import { markup } from "./markup.js";
import { px } from "./numbers.js";
import type { PictureOptions } from "./picture.js";
import { strokeOf } from "./theme.js";

/** How numbers were spread at a step: counts in equally wide bins from `low` to `high`. */
export interface Histogram {
  readonly step: number;
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

export interface HistogramsOptions extends PictureOptions {
  readonly xLabel?: string;
  /** Which of the theme's colours. Default 0. */
  readonly color?: number;
}

/** Histograms over time, one before the other, the latest in front; each outline's height is its density. */
export function histogramsSvg(all: readonly Histogram[], options: HistogramsOptions = {}): string {
  const { width = 340, height = 230, title, xLabel } = options;
  const theme = themeOf(options.theme);
  const slices = all.filter(({ counts }) => counts.length > 0);
  const low = Math.min(...slices.map((slice) => slice.low));
  const high = Math.max(...slices.map((slice) => slice.high));
  const range =
    slices.length === 0
      ? ([0, 1] as const)
      : low < high
        ? ([low, high] as const)
        : ([low - 0.5, high + 0.5] as const);
  const first = slices[0]?.step ?? 0;
  const last = slices.at(-1)?.step ?? 1;
  // The first is at the back, above, with room over it for its own height.
  const span = last - first || 1;
  const frame = frameOf({
    ...{ width, height, title, xLabel, yLabel: "step", theme },
    x: range,
    y: [last + span * 0.02, first - span * 0.4],
    ticksY: (step) => step >= first && step <= last && Number.isInteger(step),
  });
  const { plot } = frame;
  const lift = plot.height * 0.28;
  const { color } = strokeOf(theme, options.color ?? 0);
  const densities = slices.map((slice) => {
    const total = slice.counts.reduce((sum, n) => sum + n, 0);
    const bin = (slice.high - slice.low || 1) / slice.counts.length;
    return slice.counts.map((n) => (total > 0 ? n / total / bin : 0));
  });
  const peak = Math.max(...densities.flat(), Number.MIN_VALUE);
  const ridges = slices.map((slice, s) => {
    const base = frame.y(slice.step);
    const bin = (slice.high - slice.low || 1) / slice.counts.length;
    const outline = densities[s]!.map((density, i) => {
      const y = px(base - (density / peak) * lift);
      const left = px(frame.x(slice.low + i * bin));
      const right = px(frame.x(slice.low + (i + 1) * bin));
      return `L${left} ${y}L${right} ${y}`;
    }).join("");
    const age = slices.length > 1 ? s / (slices.length - 1) : 1;
    return markup`<path d="M${px(frame.x(slice.low))} ${px(base)}${outline}L${px(frame.x(slice.high))} ${px(base)}Z" fill="${theme.paper}"/><path d="M${px(frame.x(slice.low))} ${px(base)}${outline}L${px(frame.x(slice.high))} ${px(base)}Z" fill="${color}" fill-opacity="${Math.round((0.12 + 0.38 * age) * 100) / 100}" stroke="${color}" stroke-width="1" stroke-opacity="${Math.round((0.4 + 0.6 * age) * 100) / 100}"/>`;
  });
  return svgDocument(
    width,
    height,
    theme,
    title ?? "Histograms",
    markup`${frame.back}${clipped(plot, markup`${ridges}`)}${frame.front}`,
  );
}
