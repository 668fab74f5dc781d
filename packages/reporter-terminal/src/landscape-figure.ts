import { type FigureEvent, unpack } from "@downhill/core/train";
import { type ContourOptions, contour } from "./contour.js";

/**
 * The picture of a `figure` event of kind "landscape". Its data: `x` [n] and `y` [m] ascending, the heights `z`
 * [m, n], and, where there is one, the run's `path` [k, 2]. Its labels: `x`, `y` and `path` name the axes and the
 * path.
 * @throws RangeError where the event is of another kind, or `x`, `y` or `z` are missing.
 */
export function landscapeFigure(
  { kind, title, data, labels = {} }: FigureEvent,
  options: ContourOptions = {},
): string {
  const missing = ["x", "y", "z"].filter((key) => data[key] === undefined);
  if (kind !== "landscape" || missing.length > 0) {
    throw new RangeError(
      `landscapeFigure: a figure of kind "landscape" with data x, y and z is expected; this one is of kind ` +
        `"${kind}"${missing.length > 0 ? ` and lacks ${missing.join(", ")}` : ""}.`,
    );
  }
  const label = (key: string, otherwise: string) => {
    const name = labels[key];
    return typeof name === "string" ? name : otherwise;
  };
  const { x, y, z, path } = data;
  return contour({
    grid: { x: unpack(x!), y: unpack(y!), z: unpack(z!) },
    ...(path === undefined ? {} : { paths: [{ name: label("path", "path"), points: unpack(path) }] }),
    title,
    xLabel: label("x", "x"),
    yLabel: label("y", "y"),
    ...options,
  });
}
