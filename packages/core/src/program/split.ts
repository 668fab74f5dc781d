import { type Shape, sizeOf } from "../expr/shape.js";
import { mapValues } from "../record/map-values.js";
import type { Floats } from "./program.js";

/** Slices of one arena by name, in the order of the shapes. */
export function split(values: Floats, shapes: Readonly<Record<string, Shape>>): Record<string, Floats> {
  let offset = 0;
  return mapValues(shapes, (shape) => {
    const begin = offset;
    offset += sizeOf(shape);
    return values.subarray(begin, offset);
  });
}
