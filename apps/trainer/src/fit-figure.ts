import { type Data, tensor } from "@downhill/core";
import { predict } from "@downhill/models";
import { aroundAll, evenly, rowsToDraw } from "./evenly.js";
import type { Figure, Shown } from "./figures.js";
import { packed } from "./packed.js";

/** True and predicted numbers in the data's own units, and over a single feature the model's curve. */
export function fitFigure({ model, parameters, rows, title }: Shown, prediction: Data): Figure {
  const { values, info, scaler } = rows;
  const inOwnUnits = (y: Data) => (scaler ? scaler.inverseTarget(y) : y).data;
  const chosen = rowsToDraw(rows.rows);
  const pick = (numbers: ArrayLike<number>) =>
    packed(
      [chosen.length],
      chosen.map((row) => numbers[row]!),
    );
  const figure: Figure = {
    kind: "fit",
    title,
    data: { y: pick(inOwnUnits(values.y)), predicted: pick(inOwnUnits(prediction)) },
    labels: { y: info.target },
  };
  if (info.features.length !== 1) return figure;

  const x = (scaler ? scaler.inverse(values.x) : values.x).data;
  const along = evenly(...aroundAll(Array.from(x)), 200);
  const points = tensor(along, [along.length, 1]);
  const curve = inOwnUnits(predict(model, parameters, scaler ? scaler.transform(points) : points) as Data);
  const line = Array.from(along, (at, i) => [at, curve[i]!]).flat();
  return {
    ...figure,
    data: { ...figure.data, x: pick(x), line: packed([along.length, 2], line) },
    labels: { ...figure.labels, x: info.features[0]! },
  };
}
