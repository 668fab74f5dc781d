import { formatShape, ShapeError, type Tensor } from "@downhill/core";

/** Throws unless the shapes are equal: [rows, 1] against [rows] would broadcast to [rows, rows] in silence. */
export function checkSameShape(loss: string, prediction: Tensor, target: Tensor): void {
  if (formatShape(prediction.shape) === formatShape(target.shape)) return;
  throw new ShapeError(
    `${loss}: prediction ${formatShape(prediction.shape)} and target ${formatShape(target.shape)} must have one ` +
      "shape. Reshape one of them.",
  );
}
