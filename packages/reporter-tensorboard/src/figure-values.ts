import { type FigureEvent, type Packed, unpack } from "@downhill/core/train";
import type { Value } from "./format/event-record.js";
import { markdownTable, markdownText } from "./safe-text.js";
import { images } from "./summary/images.js";
import { text } from "./summary/text.js";

/** What TensorBoard can show of a figure: the pictures of samples with a table of their classes, and confusion matrices. */
export function figureValues(figure: FigureEvent): readonly Value[] {
  switch (figure.kind) {
    case "samples":
      return [...samplePictures(figure), ...samplePredictions(figure)];
    case "confusion":
      return confusion(figure);
    case "landscape":
    case "fit":
    case "regions":
      // Drawings, not pixels: the HTML report has them.
      return [];
  }
}

function samplePictures({ title, data }: FigureEvent): Value[] {
  return data.images ? [images(`samples/${title}`, data.images)] : [];
}

function samplePredictions({ title, data, labels }: FigureEvent): Value[] {
  const { actual, predicted, confidence } = data;
  const columns = Object.entries({
    actual: actual && classNames(actual, labels),
    predicted: predicted && classNames(predicted, labels),
    confidence: confidence && Array.from(unpack(confidence), String),
  }).filter((column): column is [string, string[]] => column[1] !== undefined);
  const rows = Math.max(0, ...columns.map(([, cells]) => cells.length));
  if (rows === 0) return [];
  const table = markdownTable(
    ["sample", ...columns.map(([name]) => name)],
    Array.from({ length: rows }, (_, i) => [String(i), ...columns.map(([, cells]) => cells[i] ?? "")]),
  );
  return [text(`predictions/${title}`, table)];
}

function confusion({ title, data, labels }: FigureEvent): Value[] {
  if (!data.counts) return [];
  const counts = unpack(data.counts);
  const size = data.counts.shape[0] ?? 0;
  const names = Array.from({ length: size }, (_, i) => className(i, labels));
  const table = markdownTable(
    ["true \\ predicted", ...names],
    names.map((name, i) => [name, ...names.map((_, j) => String(counts[i * size + j]))]),
  );
  return [text(`confusion/${title}`, table)];
}

const classNames = (indices: Packed, labels: FigureEvent["labels"]) =>
  Array.from(unpack(indices), (index) => className(index, labels));

function className(index: number, labels: FigureEvent["labels"]): string {
  const names = labels?.classes;
  const name: unknown = Array.isArray(names) ? names[index] : undefined;
  return markdownText(String(name ?? index));
}
