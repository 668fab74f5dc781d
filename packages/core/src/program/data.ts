import { formatShape, type Shape, ShapeError, sizeOf } from "../expr/shape.js";
import type { Floats } from "./program.js";

/** Numbers with a shape, row-major. */
export interface Data<A extends Floats = Floats> {
  readonly data: A;
  readonly shape: Shape;
}

/** Numbers with a shape; `[data.length]` by default. The array is kept, not copied. */
export function tensor<A extends Floats>(data: A, shape: Shape = [data.length]): Data<A> {
  if (sizeOf(shape) === data.length) return { data, shape };
  throw new ShapeError(
    `tensor: ${data.length} numbers do not fill shape ${formatShape(shape)} of ${sizeOf(shape)} elements.`,
  );
}
