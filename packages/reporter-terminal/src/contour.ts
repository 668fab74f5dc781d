import type { Axis } from "./axis.js";
import { frame, frameRows, insideOf } from "./frame.js";
import { drawGround, type GroundStyle, keyOfLevels, sampleGround } from "./ground.js";
import { type Landscape, surfaceOf } from "./landscape.js";
import { levelsOf } from "./levels.js";
import { type Look, paintFor } from "./look.js";
import { flow, sanitize, truncate } from "./text.js";
import { keyOfPath, type Path, trailOf } from "./trail.js";

export interface ContourOptions extends Look {
  readonly paths?: readonly Path[];
  /** Number of levels, close together in the valleys, or the levels themselves, ascending. Default 10. */
  readonly levels?: number | readonly number[];
  /** Lines altogether, legend, axes and key of the levels included. Default 24. */
  readonly height?: number;
  readonly title?: string;
  /** Default "x". */
  readonly xLabel?: string;
  /** Default "y". */
  readonly yLabel?: string;
}

const minimumRows = 4;

/**
 * A landscape seen from above, with the paths that runs took through it: lines joined by "\n", none wider than
 * `width`. With 256 colours bands of height are filled, dark in the valleys; with fewer, the lines between them are
 * drawn; in ASCII each band has its character. Paths run from `○` to `●` (`O` to `@`); what lies outside the
 * picture is cut off.
 */
export function contour({
  width = 80,
  height = 24,
  color = false,
  braille = true,
  paths = [],
  levels: wanted = 10,
  title = "",
  xLabel = "x",
  yLabel = "y",
  ...landscape
}: Landscape & ContourOptions): string {
  const paint = paintFor(color);
  const ascii = !braille;
  const clean = (text: string) => sanitize(text, { ascii });
  const style: GroundStyle = ascii ? "text" : paint.level >= 2 ? "filled" : "lines";
  const dots = braille && paint.level > 0;

  const { at, xRange, yRange } = surfaceOf(landscape);
  const x: Axis = { label: clean(xLabel), log: false, domain: xRange };
  const y: Axis = { label: clean(yLabel), log: false, domain: yRange };
  const names = paths.map(({ name }, place) => `${keyOfPath(place, dots, paint)} ${clean(name)}`);
  const legend = flow([...(title ? [paint.bold(clean(title))] : []), ...names], width);

  const inside = insideOf(y, width, Math.max(minimumRows + frameRows, height - legend.length - 2));
  const ground = sampleGround(at, x, y, inside, braille);
  const levels = typeof wanted === "number" ? levelsOf(ground.z, wanted) : wanted;
  const draw = drawGround(style, ground, levels, paint);
  const trail = trailOf(paths, x, y, inside, { dots, ascii, paint });
  const picture = Array.from({ length: inside.rows }, (_, row) =>
    Array.from({ length: inside.columns }, (_, column) => draw(column, row, trail(column, row))).join(""),
  );
  const dim = (text: string) => paint.dim(text);
  return [
    ...legend,
    dim(y.label),
    ...frame(picture, inside.columns, { x, y }, { braille, dim }),
    keyOfLevels(style, levels, paint),
  ]
    .map((line) => truncate(line, width, { ascii }))
    .join("\n");
}
