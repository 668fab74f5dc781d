import type { FigureEvent, Json, Packed } from "@downhill/core/train";
import { unpack } from "../record/packed.js";
import { confusionSvg } from "./confusion.js";
import { contourSvg, type Landscape } from "./contour.js";
import type { Columns, PictureOptions } from "./picture.js";
import { regionsSvg } from "./regions.js";
import { samplesSvg } from "./samples.js";
import { type Fit, fitSvg, predictedSvg, residuals, residualsSvg } from "./scatter.js";
import type { Trail } from "./trails.js";

/** One of the pictures that a figure event holds. */
export interface Drawing {
  readonly title: string;
  readonly svg: (options?: PictureOptions) => string;
  readonly columns: () => Columns;
}

/**
 * The picture of a `figure` event: the first, where it holds several (a fit, predicted against true values, residuals).
 * @throws RangeError where the event lacks data that its kind needs.
 */
export function figureSvg(event: FigureEvent, options: PictureOptions = {}): string {
  return drawingsOf(event)[0]!.svg(options);
}

/** All pictures of a `figure` event. @throws RangeError where the event lacks data that its kind needs. */
export function drawingsOf(event: FigureEvent): Drawing[] {
  switch (event.kind) {
    case "landscape":
      return [landscapeDrawing(event)];
    case "fit":
      return fitDrawings(event);
    case "regions":
      return [regionsDrawing(event)];
    case "confusion":
      return [confusionDrawing(event)];
    case "samples":
      return [samplesDrawing(event)];
  }
}

/** A landscape with its trails, from an event. */
export function landscapeOf(event: FigureEvent): Landscape {
  const [x, y, z] = [need(event, "x"), need(event, "y"), need(event, "z")];
  const names = textsOf(event, "paths");
  const trails = Object.keys(event.data).flatMap((key): Trail[] => {
    const number = /^path(\d*)$/.exec(key)?.[1];
    if (number === undefined) return [];
    const name =
      (number === "" ? textOf(event, "path") : undefined) ??
      names?.[number === "" ? 0 : Number(number) - 1] ??
      key;
    const optional = (of: string) => get(event, `${of}${number}`);
    return [
      {
        name,
        points: need(event, key),
        gradient: optional("gradient"),
        momentum: optional("momentum"),
        step: optional("step"),
        steps: get(event, `${key}Steps`),
      },
    ];
  });
  return { x, y, z, trails };
}

function landscapeDrawing(event: FigureEvent): Drawing {
  const landscape = landscapeOf(event);
  return {
    title: event.title,
    svg: (options) => contourSvg(landscape, { ...titled(event), ...axes(event), ...options }),
    columns: () => gridColumns(landscape, "z"),
  };
}

function fitDrawings(event: FigureEvent): Drawing[] {
  const fit: Fit = {
    x: get(event, "x"),
    y: need(event, "y"),
    line: get(event, "line"),
    predicted: get(event, "predicted"),
  };
  const { x, y, line, predicted } = fit;
  const columns = (): Columns => ({
    ...(x && { x: Array.from(x) }),
    y: Array.from(y),
    ...(predicted && { predicted: Array.from(predicted), residual: residuals(y, predicted) }),
  });
  const drawing = (suffix: string, draw: typeof fitSvg): Drawing => {
    const title = suffix && event.title ? `${event.title}: ${suffix}` : event.title || suffix;
    return { title, columns, svg: (options) => draw(fit, { title, ...axes(event), ...options }) };
  };
  const drawings = [
    ...(x && line ? [drawing("", fitSvg)] : []),
    ...(predicted
      ? [drawing("predicted against true", predictedSvg), drawing("residuals", residualsSvg)]
      : []),
  ];
  if (drawings.length > 0) return drawings;
  throw new RangeError(
    `A figure of kind "fit" needs data x and line, or predicted; "${event.title}" has ${keys(event)}.`,
  );
}

function regionsDrawing(event: FigureEvent): Drawing {
  const z = need(event, "classes");
  const regions = {
    ...{ x: need(event, "x"), y: need(event, "y"), z },
    classes: classNames(event, [z, get(event, "actual")]),
    points: get(event, "points"),
    actual: get(event, "actual"),
    predicted: get(event, "predicted"),
  };
  return {
    title: event.title,
    svg: (options) => regionsSvg(regions, { ...titled(event), ...axes(event), ...options }),
    columns: () => gridColumns(regions, "class"),
  };
}

function confusionDrawing(event: FigureEvent): Drawing {
  const counts = need(event, "counts");
  const size = Math.round(Math.sqrt(counts.length));
  const names = textsOf(event, "classes") ?? [];
  const classes = Array.from({ length: size }, (_, i) => names[i] ?? String(i));
  return {
    title: event.title,
    svg: (options) => confusionSvg({ counts, classes }, { ...titled(event), ...options }),
    columns: () => ({
      true: Array.from(counts, (_, i) => classes[Math.floor(i / size)]!),
      predicted: Array.from(counts, (_, i) => classes[i % size]!),
      count: Array.from(counts),
    }),
  };
}

function samplesDrawing(event: FigureEvent): Drawing {
  const images = need(event, "images");
  const { shape } = event.data.images!;
  const [actual, predicted, confidence] = [
    get(event, "actual"),
    get(event, "predicted"),
    get(event, "confidence"),
  ];
  const classes = classNames(event, [actual, predicted]);
  const list = (numbers: ArrayLike<number> | undefined) => numbers && Array.from(numbers);
  return {
    title: event.title,
    svg: (options) =>
      samplesSvg({ images, shape, actual, predicted, confidence, classes }, { ...titled(event), ...options }),
    columns: () => ({
      sample: Array.from({ length: shape[0] ?? 0 }, (_, i) => i),
      ...(actual && { true: list(actual)! }),
      ...(predicted && { predicted: list(predicted)! }),
      ...(confidence && { confidence: list(confidence)! }),
    }),
  };
}

function gridColumns(
  { x, y, z }: { x: ArrayLike<number>; y: ArrayLike<number>; z: ArrayLike<number> },
  name: string,
): Columns {
  return {
    x: Array.from(z, (_, i) => x[i % x.length]!),
    y: Array.from(z, (_, i) => y[Math.floor(i / x.length)]!),
    [name]: Array.from(z),
  };
}

function need(event: FigureEvent, key: string): ArrayLike<number> {
  const numbers = get(event, key);
  if (numbers !== undefined) return numbers;
  throw new RangeError(
    `A figure of kind "${event.kind}" needs data "${key}"; "${event.title}" has ${keys(event)}.`,
  );
}

const keys = (event: FigureEvent) => Object.keys(event.data).join(", ") || "none";

function get(event: FigureEvent, key: string): ArrayLike<number> | undefined {
  const packed: Packed | undefined = event.data[key];
  return packed && unpack(packed);
}

const titled = ({ title }: FigureEvent) => (title ? { title } : {});

const axes = (event: FigureEvent) => ({ xLabel: textOf(event, "x"), yLabel: textOf(event, "y") });

function textOf({ labels }: FigureEvent, key: string): string | undefined {
  const label: Json | undefined = labels?.[key];
  return typeof label === "string" ? label : undefined;
}

function textsOf({ labels }: FigureEvent, key: string): string[] | undefined {
  const list: Json | undefined = labels?.[key];
  return Array.isArray(list) ? list.map(String) : undefined;
}

/** Names for all classes that occur. */
function classNames(event: FigureEvent, used: readonly (ArrayLike<number> | undefined)[]): string[] {
  const names = textsOf(event, "classes") ?? [];
  let most = names.length - 1;
  for (const numbers of used) for (const c of Array.from(numbers ?? [])) if (c > most) most = c;
  return Array.from({ length: most + 1 }, (_, c) => names[c] ?? String(c));
}
