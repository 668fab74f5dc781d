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

/** Histograms over time, one before the other, the latest in front; each as high as its own tallest bin. */
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
  const ridges = slices.map((slice, s) => {
    const base = frame.y(slice.step);
    // All in one place: no bin is wide, and the outline is a line.
    const bin = (slice.high - slice.low) / slice.counts.length;
    const peak = Math.max(...slice.counts, 1);
    const x = (edge: number) => px(frame.x(slice.low + edge * bin));
    const bars = slice.counts.map((n, i) => {
      const y = px(base - (n / peak) * lift);
      return `L${x(i)} ${y}L${x(i + 1)} ${y}`;
    });
    const shape = `M${x(0)} ${px(base)}${bars.join("")}L${x(bars.length)} ${px(base)}Z`;
    // The older, the fainter.
    const age = slices.length > 1 ? s / (slices.length - 1) : 1;
    return markup`<path d="${shape}" fill="${theme.paper}"/><path d="${shape}" fill="${color}" fill-opacity="${(0.12 + 0.38 * age).toFixed(2)}" stroke="${color}" stroke-opacity="${(0.4 + 0.6 * age).toFixed(2)}"/>`;
  });
  return svgDocument(
    width,
    height,
    theme,
    title ?? "Histograms",
    markup`${frame.back}${clipped(plot, markup`${ridges}`)}${frame.front}`,
  );
}
