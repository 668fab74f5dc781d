import { type Markup, markup, trusted } from "./markup.js";
import { px } from "./numbers.js";
import type { Box } from "./picture.js";
import { type Range, type Scale, scaleOf, ticksOf } from "./scale.js";
import { type Theme, type ThemeName, themes } from "./theme.js";
import { visible } from "./visible.js";

export const fontFamily = "Inter, ui-sans-serif, system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

export const themeOf = (theme: ThemeName | Theme = "light"): Theme =>
  typeof theme === "string" ? themes[theme] : theme;

/** Width of text in pixels, near enough to leave room for it. */
export const textWidth = (text: string, size = 11): number => [...visible(text)].length * size * 0.6;

/** A whole picture as a document of its own. */
export function svgDocument(
  width: number,
  height: number,
  theme: Theme,
  label: string,
  body: Markup,
): string {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}" font-family="${fontFamily}" font-size="11"><rect width="${width}" height="${height}" fill="${theme.paper}"/>${body}</svg>`
    .markup;
}

export interface Key {
  readonly name: string;
  readonly color: string;
  readonly dash?: string;
  readonly shape?: "line" | "dot";
}

export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly x: Range;
  readonly y: Range;
  readonly logX?: boolean;
  readonly logY?: boolean;
  readonly title?: string | undefined;
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** Names of what is drawn, above the plot. */
  readonly keys?: readonly Key[];
  /** A sentence below the keys: how to read the picture. */
  readonly note?: string | undefined;
  /** Which round values of y to write and draw a line at. Default all. */
  readonly ticksY?: (value: number) => boolean;
  /** Space kept to the right of the plot, in pixels. */
  readonly right?: number;
  readonly theme: Theme;
}

export interface Frame {
  readonly plot: Box;
  readonly x: Scale;
  readonly y: Scale;
  /** Title, keys and note, grid, axes. */
  readonly back: Markup;
  /** The outline, to draw over all else. */
  readonly front: Markup;
}

/** Title, names, axes with their ticks, and the scales of the plot within. */
export function frameOf(options: FrameOptions): Frame {
  const {
    width,
    height,
    logX = false,
    logY = false,
    title,
    xLabel,
    yLabel,
    keys = [],
    note,
    theme,
  } = options;
  const rows = keyRows(keys, width - 24);
  const titleHeight = title ? 24 : 4;
  const noteLines = wrap(note?.split(" · ") ?? [], width - 24);
  const notesTop = titleHeight + 12 + rows.length * 18;
  const top = notesTop - 4 + noteLines.length * 15 + (note ? 2 : 0);
  const bottom = 24 + (xLabel ? 18 : 4);
  const yTickCount = Math.max(2, Math.floor((height - top - bottom) / 44));
  const measured = ticksOf(scaleOf(options.y, [1, 0], logY), yTickCount, logY);
  const left = Math.max(34, ...measured.map((tick) => textWidth(tick.label) + 14)) + (yLabel ? 18 : 0);
  // Half of the last label hangs over the end of the axis.
  const widest = ticksOf(scaleOf(options.x, [0, 1], logX), 8, logX).map(
    (tick) => textWidth(tick.label) / 2 + 4,
  );
  const right = Math.max(options.right ?? 14, ...widest);
  const plot = {
    left: Math.round(left),
    top,
    width: Math.max(20, Math.round(width - left - right)),
    height: Math.max(20, height - top - bottom),
  };
  const end = plot.left + plot.width;
  const low = plot.top + plot.height;
  const x = scaleOf(options.x, [plot.left, end], logX);
  const y = scaleOf(options.y, [low, plot.top], logY);
  const xTicks = ticksOf(x, Math.max(2, Math.floor(plot.width / 84)), logX);
  const yTicks = ticksOf(y, yTickCount, logY).filter(({ value }) => options.ticksY?.(value) ?? true);

  const grid = [
    ...xTicks.map(({ value }) => `M${px(x(value))} ${plot.top}V${low}`),
    ...yTicks.map(({ value }) => `M${plot.left} ${px(y(value))}H${end}`),
  ].join("");
  const back = markup`${title ? markup`<text x="12" y="20" font-size="13" font-weight="600" fill="${theme.ink}">${clip(title, width - 24, 13)}</text>` : ""}${rows.map((row, i) => keyRow(row, titleHeight + 10 + i * 18, theme))}${noteLines.map((line, i) => markup`<text x="12" y="${notesTop + i * 15}" fill="${theme.muted}" font-size="10.5">${clip(line, width - 24, 10.5)}</text>`)}<path d="${grid}" stroke="${theme.grid}" fill="none"/><g fill="${theme.muted}">${xTicks.map(
    ({ value, label }) =>
      markup`<text x="${px(x(value))}" y="${low + 16}" text-anchor="middle">${label}</text>`,
  )}${yTicks.map(
    ({ value, label }) =>
      markup`<text x="${plot.left - 8}" y="${px(y(value) + 3.8)}" text-anchor="end">${label}</text>`,
  )}${xLabel ? markup`<text x="${px(plot.left + plot.width / 2)}" y="${height - 8}" text-anchor="middle">${clip(xLabel, plot.width, 11)}</text>` : ""}${yLabel ? markup`<text transform="translate(16 ${px(plot.top + plot.height / 2)}) rotate(-90)" text-anchor="middle">${clip(yLabel, plot.height, 11)}</text>` : ""}</g>`;
  const front = trusted(
    `<path d="M${plot.left} ${plot.top}V${low}H${end}" stroke="${theme.axis}" fill="none"/>`,
  );
  return { plot, x, y, back, front };
}

/** Parts joined to lines that fit. */
function wrap(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)} · ${part}`;
    if (lines.length > 0 && textWidth(longer, 10) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

/** Text cut to what fits, with an ellipsis where something was cut. */
export function clip(text: string, width: number, size: number): string {
  const room = Math.max(1, Math.floor(width / (size * 0.56)));
  const shown = visible(text);
  const letters = [...shown];
  return letters.length <= room ? shown : `${letters.slice(0, room - 1).join("")}…`;
}

const keyWidth = (key: Key) => 34 + textWidth(clip(key.name, 260, 11));

function keyRows(keys: readonly Key[], width: number): Key[][] {
  const rows: Key[][] = [];
  let used = Infinity;
  for (const key of keys) {
    if (used + keyWidth(key) > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)!.push(key);
    used += keyWidth(key);
  }
  return rows;
}

function keyRow(keys: readonly Key[], y: number, theme: Theme): Markup[] {
  let x = 12;
  return keys.map((key) => {
    const at = x;
    x += keyWidth(key);
    const mark =
      key.shape === "dot"
        ? markup`<circle cx="${at + 8}" cy="${y}" r="4.5" fill="${key.color}"/>`
        : markup`<path d="M${at} ${y}h16" stroke="${key.color}" stroke-width="2.5" stroke-dasharray="${key.dash ?? "none"}"/>`;
    return markup`${mark}<text x="${at + 21}" y="${y + 4}" fill="${theme.ink}">${clip(key.name, 260, 11)}</text>`;
  });
}

/** Marks cut at the edge of the plot. */
export function clipped({ left, top, width, height }: Box, body: Markup): Markup {
  // A nested picture cuts what leaves it, and needs no id that could clash in a page of many.
  return markup`<svg x="${left}" y="${top}" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}">${body}</svg>`;
}
