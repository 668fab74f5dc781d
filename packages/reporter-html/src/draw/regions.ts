import { clipped, frameOf, svgDocument, themeOf } from "./frame.js";
import { checkGrid, type Grid, ringPath, ringsOf } from "./grid.js";
import { markup } from "./markup.js";
import { px } from "./numbers.js";
import type { PictureOptions } from "./picture.js";
import { strokeOf } from "./theme.js";

/** Which class a model gives to each point of a plane; `z` holds the classes' numbers. */
export interface Regions extends Grid {
  readonly classes: readonly string[];
  /** [k, 2]: rows of the data. */
  readonly points?: ArrayLike<number> | undefined;
  /** [k]: the rows' true classes. */
  readonly actual?: ArrayLike<number> | undefined;
  /** [k]: the classes that the model gives them; where it is wrong, the row is ringed. */
  readonly predicted?: ArrayLike<number> | undefined;
}

export interface RegionsOptions extends PictureOptions {
  readonly xLabel?: string | undefined;
  readonly yLabel?: string | undefined;
}

/** Decision regions over the data. */
export function regionsSvg(regions: Regions, options: RegionsOptions = {}): string {
  checkGrid("regionsSvg", regions);
  const { width = 720, height = 520, title, xLabel = "x", yLabel = "y" } = options;
  const { x, y, z, classes, points = [], actual, predicted } = regions;
  const theme = themeOf(options.theme);
  const wrong = (i: number) => actual !== undefined && predicted !== undefined && actual[i] !== predicted[i];
  const rows = Array.from({ length: points.length / 2 }, (_, i) => i);
  const mistakes = rows.filter(wrong).length;
  const frame = frameOf({
    ...{ width, height, title, xLabel, yLabel, theme },
    x: [x[0]!, x[x.length - 1]!],
    y: [y[0]!, y[y.length - 1]!],
    keys: classes.map((name, c) => ({ name, shape: "dot" as const, ...strokeOf(theme, c) })),
    note: predicted && `ringed: ${mistakes} of ${rows.length} given a wrong class`,
  });
  const { plot } = frame;
  const colors = classes.map((_, c) => strokeOf(theme, c).color);
  const grounds = classes.map((_, c) => {
    const inside = softened(
      Float64Array.from(z, (value) => (value === c ? 1 : 0)),
      x.length,
    );
    const path = ringPath(ringsOf({ x, y, z: inside }, [0.5], frame)[0]!);
    return (
      path &&
      markup`<path d="${path}" fill="${colors[c]!}" fill-opacity="0.22" stroke="${colors[c]!}" stroke-width="1.2"/>`
    );
  });
  const dots = rows.map((i) => {
    const color = actual === undefined ? theme.ink : (colors[actual[i]!] ?? theme.ink);
    const at = markup`cx="${px(frame.x(points[2 * i]!))}" cy="${px(frame.y(points[2 * i + 1]!))}"`;
    return markup`<circle ${at} r="3.4" fill="${color}" stroke="${theme.paper}" stroke-width="1"/>${wrong(i) && markup`<circle ${at} r="6.5" fill="none" stroke="${theme.ink}" stroke-width="1.6"/>`}`;
  });
  return svgDocument(
    width,
    height,
    theme,
    title ?? "Decision regions",
    markup`${frame.back}${clipped(plot, markup`${grounds}${dots}`)}${frame.front}`,
  );
}

/** Weights 1, 2, 1 in both directions: a slanted border has no steps, and none moves by more than half a cell. */
function softened(cells: Float64Array, width: number): Float64Array {
  const height = cells.length / width;
  const along = (from: Float64Array, stride: number, count: number, at: (i: number) => number) =>
    from.map((value, i) => {
      const place = at(i);
      const before = place > 0 ? from[i - stride]! : value;
      const after = place < count - 1 ? from[i + stride]! : value;
      return (before + 2 * value + after) / 4;
    });
  const rows = along(cells, 1, width, (i) => i % width);
  return along(rows, width, height, (i) => Math.floor(i / width));
}
