import type { Numbers } from "./numbers.js";

/** Throws a RangeError, naming the row, unless all are class indices 0 … classes - 1. */
export function checkClasses(where: string, what: string, indices: Numbers, classes: number): void {
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row]!;
    if (Number.isInteger(index) && index >= 0 && index < classes) continue;
    throw new RangeError(
      `${where}: the ${what} of row ${row} is ${index}; expected a class index, a whole number from 0 to ${classes - 1}.`,
    );
  }
}
