import { clipped, type Frame, frameOf, svgDocument, textWidth, themeOf } from "./frame.js";
import { checkGrid, type Grid, type Ring, ringPath, ringsOf } from "./grid.js";
import { levelsOf } from "./levels.js";
import { type Markup, markup } from "./markup.js";
import { formatNumber, px } from "./numbers.js";
import type { Box, PictureOptions } from "./picture.js";
import { heightColor, strokeOf, type Theme } from "./theme.js";
import { type Trail, trailsMarkup } from "./trails.js";

export interface Landscape extends Grid {
  /** Ways over it. */
  readonly trails?: readonly Trail[];
}

export interface ContourOptions extends PictureOptions {
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
  /** How many lines. Default 12. */
  readonly levels?: number;
  /** Step up to which trails are drawn, with arrows there. Default: all of them, without arrows. */
  readonly at?: number;
}

/** Filled contours of a function of two variables with labelled levels, and the ways over it. */
export function contourSvg(landscape: Landscape, options: ContourOptions = {}): string {
  const { back, trails, front, label, theme, width, height } = drawContour(landscape, options);
  return svgDocument(width, height, theme, label, markup`${back}${trails(options.at)}${front}`);
}

/** A contour picture in layers, so that a player draws only the trails anew. */
export interface ContourPicture {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly label: string;
  readonly frame: Frame;
  readonly back: Markup;
  readonly trails: (at?: number) => Markup;
  readonly front: Markup;
}

export function drawContour(landscape: Landscape, options: ContourOptions = {}): ContourPicture {
  checkGrid("contourSvg", landscape);
  const { width = 720, height = 520, title, xLabel = "x", yLabel = "y", levels: count = 12 } = options;
  const { x, y, trails = [] } = landscape;
  const theme = themeOf(options.theme);
  const z = finite(landscape.z);
  const frame = frameOf({
    ...{ width, height, title, xLabel, yLabel, theme, right: 78 },
    x: [x[0]!, x[x.length - 1]!],
    y: [y[0]!, y[y.length - 1]!],
    keys: trails.map(({ name, color }, i) => ({ name, ...strokeOf(theme, color ?? i) })),
  });
  const levels = levelsOf(z, count);
  // Around a minimum heights grow with the square of the distance, and between crossings of the grid lines are straight.
  const lowest = z.reduce((least, value) => (value > -Infinity && value < least ? value : least), Infinity);
  const root = (height: number) => Math.sqrt(Math.max(height - lowest, 0));
  const rings = ringsOf({ x, y, z: z.map(root) }, levels.map(root), frame);
  const { plot } = frame;
  const ground = markup`<rect x="${plot.left}" y="${plot.top}" width="${plot.width}" height="${plot.height}" fill="${heightColor(0)}"/>`;
  const bands = levels.map(
    (_, k) =>
      markup`<path d="${ringPath(rings[k]!)}" fill="${heightColor((k + 1) / levels.length)}" stroke="#ffffff" stroke-opacity="0.45" stroke-width="0.8"/>`,
  );
  const back = markup`${frame.back}${clipped(plot, markup`${ground}${bands}${levelLabels(rings, levels, plot)}`)}${legend(levels, z, frame, theme)}`;
  return {
    ...{ width, height, theme, frame, back, front: frame.front, label: title ?? "Contour" },
    trails: (at) => clipped(plot, trailsMarkup(trails, frame, theme, at)),
  };
}

/** Infinite heights at the height of the highest peak, lest they swallow the ground beside them. */
function finite(z: ArrayLike<number>): Float64Array {
  let high = -Infinity;
  for (let i = 0; i < z.length; i++) if (Number.isFinite(z[i]!)) high = Math.max(high, z[i]!);
  return Float64Array.from(z, (value) => (value === Infinity ? high : value));
}

/** Each level's height on its longest line, where there is room, along the line. */
function levelLabels(rings: readonly Ring[][], levels: readonly number[], plot: Box): Markup[] {
  const taken: [x: number, y: number][] = [];
  return levels.flatMap((level, k) => {
    const label = formatNumber(level, 2);
    const place = roomFor(rings[k]!, textWidth(label, 10), plot, taken);
    if (place === undefined) return [];
    const { x, y, angle } = place;
    taken.push([x, y]);
    const halo = heightColor((k + 0.5) / levels.length);
    const ink = k < levels.length * 0.55 ? "#ffffff" : "#17202e";
    return [
      markup`<text transform="translate(${px(x)} ${px(y)}) rotate(${px(angle)})" y="3.5" text-anchor="middle" font-size="10" fill="${ink}" stroke="${halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${label}</text>`,
    ];
  });
}

function roomFor(
  rings: readonly Ring[],
  length: number,
  plot: Box,
  taken: readonly (readonly [number, number])[],
): { x: number; y: number; angle: number } | undefined {
  const longest = rings.reduce<Ring>((best, ring) => (ring.length > best.length ? ring : best), []);
  let best: { x: number; y: number; angle: number } | undefined;
  let most = 46;
  for (let i = 0; i < longest.length; i++) {
    const [x, y] = longest[i]!;
    const room = Math.min(
      x - plot.left - length / 2,
      plot.left + plot.width - x - length / 2,
      y - plot.top - 8,
      plot.top + plot.height - y - 8,
    );
    if (room < 4) continue;
    const apart = Math.min(160, ...taken.map(([tx, ty]) => Math.hypot(tx - x, ty - y)));
    const [ax, ay] = longest[(i + longest.length - 4) % longest.length]!;
    const [bx, by] = longest[(i + 4) % longest.length]!;
    // A label does not bend: the line should not either.
    const straight = Math.hypot(bx - ax, by - ay);
    const score = apart + Math.min(straight, length) + Math.min(room, 40) / 4;
    if (apart < 34 || score <= most) continue;
    most = score;
    const angle = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
    best = { x, y, angle: angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle };
  }
  return best;
}

/** The heights that the colours stand for, beside the plot. */
function legend(
  levels: readonly number[],
  z: ArrayLike<number>,
  { plot }: Frame,
  theme: Theme,
): Markup | false {
  if (levels.length === 0) return false;
  let low = Infinity;
  for (let i = 0; i < z.length; i++) if (z[i]! < low) low = z[i]!;
  const left = plot.left + plot.width + 12;
  const height = Math.min(plot.height, 22 * (levels.length + 1));
  const each = height / (levels.length + 1);
  const bottom = plot.top + height;
  return markup`${[low, ...levels].map((level, k) => {
    const y = bottom - (k + 1) * each;
    return markup`<rect x="${left}" y="${px(y)}" width="12" height="${px(each + 0.5)}" fill="${heightColor(k / levels.length)}"/><text x="${left + 17}" y="${px(y + each + (k === 0 ? 0 : 3.5))}" font-size="10" fill="${theme.muted}">${formatNumber(level, 2)}</text>`;
  })}`;
}
