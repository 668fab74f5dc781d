import { tensor } from "@downhill/core";
import { type Classification, predict } from "@downhill/models";
import { aroundAll, evenly, rowsToDraw } from "./evenly.js";
import type { Figure, Shown } from "./figures.js";
import { packed, packedIndices } from "./packed.js";

/** Which classes are taken for which; regions where there are two features; images where features are pixels. */
export function classFigures(shown: Shown, found: Classification): readonly Figure[] {
  const { features } = shown.rows.info;
  const imageShape = imageShapeOf(features);
  return [
    ...(features.length === 2 ? [regions(shown, found)] : []),
    confusion(shown, found),
    ...(imageShape ? [images(shown, found, imageShape)] : []),
  ];
}

function confusion({ rows: { values, info }, title }: Shown, { indices }: Classification): Figure {
  const classes = info.classes!;
  const counts = new Int32Array(classes.length ** 2);
  indices.forEach((given, row) => {
    counts[values.y.data[row]! * classes.length + given]! += 1;
  });
  return {
    kind: "confusion",
    title,
    data: { counts: packedIndices([classes.length, classes.length], counts) },
    labels: { classes },
  };
}

const cells = 160;

function regions({ model, parameters, rows, title }: Shown, { indices }: Classification): Figure {
  const { values, info, scaler } = rows;
  const points = (scaler ? scaler.inverse(values.x) : values.x).data;
  const [x, y] = [0, 1].map((axis) =>
    evenly(...aroundAll(Array.from(points).filter((_, i) => i % 2 === axis)), cells),
  ) as [Float64Array, Float64Array];
  const grid = tensor(
    Float64Array.from({ length: 2 * cells ** 2 }, (_, i) =>
      i % 2 === 0 ? x[(i >> 1) % cells]! : y[Math.floor((i >> 1) / cells)]!,
    ),
    [cells ** 2, 2],
  );
  const there = predict(model, parameters, scaler ? scaler.transform(grid) : grid) as Classification;
  const chosen = rowsToDraw(rows.rows);
  return {
    kind: "regions",
    title,
    data: {
      x: packed([cells], x),
      y: packed([cells], y),
      classes: packedIndices([cells, cells], there.indices),
      points: packed(
        [chosen.length, 2],
        chosen.flatMap((row) => [points[2 * row]!, points[2 * row + 1]!]),
      ),
      actual: packedIndices(
        [chosen.length],
        chosen.map((row) => values.y.data[row]!),
      ),
      predicted: packedIndices(
        [chosen.length],
        chosen.map((row) => indices[row]!),
      ),
    },
    labels: { x: info.features[0]!, y: info.features[1]!, classes: info.classes! },
  };
}

const mostImages = 40;

function images(
  { rows, title }: Shown,
  { indices, probabilities }: Classification,
  imageShape: readonly [number, number],
): Figure {
  const { values, info, scaler } = rows;
  const pixels = (scaler ? scaler.inverse(values.x) : values.x).data;
  const each = imageShape[0] * imageShape[1];
  const isWrong = (row: number) => indices[row] !== values.y.data[row];
  const all = Array.from(indices, (_, row) => row);
  const chosen = [...all.filter(isWrong), ...all.filter((row) => !isWrong(row))].slice(0, mostImages);
  const many = [chosen.length] as const;
  return {
    kind: "samples",
    title: `${title}, wrong ones first`,
    data: {
      images: packed(
        [...many, ...imageShape],
        chosen.flatMap((row) => Array.from(pixels.subarray(row * each, (row + 1) * each))),
      ),
      actual: packedIndices(
        many,
        chosen.map((row) => values.y.data[row]!),
      ),
      predicted: packedIndices(
        many,
        chosen.map((row) => indices[row]!),
      ),
      confidence: packed(
        many,
        chosen.map((row) => probabilities.data[row * info.classes!.length + indices[row]!]!),
      ),
    },
    labels: { classes: info.classes! },
  };
}

/** [height, width] of features called pixel_0_0, pixel_0_1, … row by row, as `digits` calls them. */
function imageShapeOf(features: readonly string[]): readonly [number, number] | undefined {
  const [, row, column] = /^pixel_(\d+)_(\d+)$/.exec(features.at(-1) ?? "") ?? [];
  if (row === undefined) return undefined;
  const [height, width] = [Number(row) + 1, Number(column) + 1];
  const isImage =
    features.length === height * width &&
    features.every((name, i) => name === `pixel_${Math.floor(i / width)}_${i % width}`);
  return isImage ? [height, width] : undefined;
}
