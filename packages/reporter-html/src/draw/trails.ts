import { firstAtLeast } from "./decimate.js";
import type { Frame } from "./frame.js";
import { type Markup, markup } from "./markup.js";
import { px } from "./numbers.js";
import { strokeOf, type Theme } from "./theme.js";

/** A way over a landscape. */
export interface Trail {
  readonly name: string;
  /** [k, 2]: x and y of each point. */
  readonly points: ArrayLike<number>;
  /** [k, 2] at each point. */
  readonly gradient?: ArrayLike<number> | undefined;
  /** [k, 2]: what the optimizer remembers of earlier gradients. */
  readonly momentum?: ArrayLike<number> | undefined;
  /** [k, 2]: the move from each point. Default to the next one. */
  readonly step?: ArrayLike<number> | undefined;
  /** [k]: updates made before each point. Default its index. */
  readonly steps?: ArrayLike<number> | undefined;
  /** Which of the theme's colours. Default its place in the list. */
  readonly color?: number;
}

export const arrowColors = { "−gradient": "#ffd23f", momentum: "#e6a8ff", step: "#ff6b57" } as const;

/** The trail's point at a step: the last that was reached. */
export function pointAt({ points, steps }: Trail, step: number): number {
  const last = points.length / 2 - 1;
  if (steps === undefined) return Math.min(Math.floor(step), last);
  return Math.min(Math.max(0, firstAtLeast(steps, Math.floor(step) + 1) - 1), last);
}

/** Each trail up to step `at`, with its start and its end, and with arrows; whole and without arrows where absent. */
export function trailsMarkup(trails: readonly Trail[], frame: Frame, theme: Theme, at?: number): Markup {
  return markup`${trails.map((trail, i) => {
    const last = trail.points.length / 2 - 1;
    if (last < 0) return false;
    const end = at === undefined ? last : pointAt(trail, at);
    const { color, dash } = strokeOf(theme, trail.color ?? i);
    const point = (k: number) => [frame.x(trail.points[2 * k]!), frame.y(trail.points[2 * k + 1]!)] as const;
    const d = trailPath(end, point);
    const [sx, sy] = point(0);
    const [ex, ey] = point(end);
    const ends = canBeDrawn(ex, ey)
      ? markup`<circle cx="${px(ex)}" cy="${px(ey)}" r="5" fill="${color}" stroke="#ffffff" stroke-width="2"/>`
      : false;
    return markup`<g fill="none" stroke-linejoin="round" stroke-linecap="round"><path d="${d}" stroke="#ffffff" stroke-opacity="0.85" stroke-width="4"/><path d="${d}" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/></g>${canBeDrawn(sx, sy) && markup`<circle cx="${px(sx)}" cy="${px(sy)}" r="4" fill="#ffffff" stroke="${color}" stroke-width="2"/>`}${at !== undefined && arrows(trail, end, frame)}${ends}`;
  })}`;
}

// A diverged way leaves the picture for good; a browser cannot draw to 1e300.
const canBeDrawn = (x: number, y: number) => Math.abs(x) < 1e5 && Math.abs(y) < 1e5;

/** A line through the points, without those that move it by less than half a pixel. */
function trailPath(end: number, point: (k: number) => readonly [number, number]): string {
  let d = "";
  let fromX = Number.NaN;
  let fromY = Number.NaN;
  let pen = false;
  for (let k = 0; k <= end; k++) {
    const [x, y] = point(k);
    if (!canBeDrawn(x, y)) {
      pen = false;
      continue;
    }
    if (pen && k < end && Math.hypot(x - fromX, y - fromY) < 0.5) continue;
    d += `${pen ? "L" : "M"}${px(x)} ${px(y)}`;
    fromX = x;
    fromY = y;
    pen = true;
  }
  return d;
}

/**
 * Arrows at a trail's point. Directions are true; lengths grow with the fourth root of the size against the largest
 * along the trail, for sizes span powers of ten.
 */
function arrows(trail: Trail, k: number, frame: Frame): Markup | false {
  const x = frame.x(trail.points[2 * k]!);
  const y = frame.y(trail.points[2 * k + 1]!);
  if (!canBeDrawn(x, y)) return false;
  const step = trail.step ?? moves(trail.points);
  const kinds = [
    ["−gradient", trail.gradient, -1, 2.5],
    // Often along the step, and then to be seen on both sides of it.
    ["momentum", trail.momentum, 1, 6],
    ["step", step, 1, 2.5],
  ] as const;
  return markup`${kinds.map(([name, vectors, sign, width]) => {
    if (vectors === undefined || 2 * k + 1 >= vectors.length) return false;
    const vx = sign * vectors[2 * k]!;
    const vy = sign * vectors[2 * k + 1]!;
    const size = Math.hypot(vx, vy);
    if (!(size > 0) || !Number.isFinite(size)) return false;
    const length = 14 + 56 * (size / largest(vectors)) ** 0.25;
    // Directions in the picture, whose axes have units of their own.
    const [x0, x1] = frame.x.range() as [number, number];
    const [y0, y1] = frame.y.range() as [number, number];
    const [dx0, dx1] = frame.x.domain() as [number, number];
    const [dy0, dy1] = frame.y.domain() as [number, number];
    const ux = (vx * (x1 - x0)) / (dx1 - dx0);
    const uy = (vy * (y1 - y0)) / (dy1 - dy0);
    const u = Math.hypot(ux, uy);
    return arrow(x, y, (ux / u) * length, (uy / u) * length, arrowColors[name], width);
  })}`;
}

function arrow(x: number, y: number, dx: number, dy: number, color: string, width: number): Markup {
  const [tx, ty] = [x + dx, y + dy];
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  const head = `M${px(tx)} ${px(ty)}L${px(tx - 8 * ux - 4 * uy)} ${px(ty - 8 * uy + 4 * ux)}L${px(tx - 8 * ux + 4 * uy)} ${px(ty - 8 * uy - 4 * ux)}Z`;
  const shaft = `M${px(x)} ${px(y)}L${px(tx - 6 * ux)} ${px(ty - 6 * uy)}`;
  return markup`<path d="${shaft}" stroke="#10151f" stroke-width="${width + 2}" stroke-linecap="round"/><path d="${head}" fill="${color}" stroke="#10151f" stroke-width="1.5" stroke-linejoin="round"/><path d="${shaft}" stroke="${color}" stroke-width="${width}" stroke-linecap="round"/>`;
}

function moves(points: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: Math.max(0, points.length - 2) }, (_, i) => points[i + 2]! - points[i]!);
}

function largest(vectors: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i + 1 < vectors.length; i += 2) {
    const size = Math.hypot(vectors[i]!, vectors[i + 1]!);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}
