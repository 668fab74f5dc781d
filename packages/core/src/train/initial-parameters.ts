import { formatShape, sizeOf } from "../expr/shape.js";
import type { Data } from "../program/data.js";
import type { Columns } from "./columns.js";
import type { Model } from "./model.js";

/** Where a model starts. Throws for parameters that are none. */
export function initialParameters(
  model: Model<any>,
  seed: number,
  columns: Columns,
): Readonly<Record<string, Data>> {
  const start = model.init(seed, columns);
  if (Object.keys(start).length === 0) {
    throw new Error(`${model.name}: the model has no parameters; there is nothing to train.`);
  }
  for (const [name, { data, shape }] of Object.entries(start)) {
    const where = `${model.name}: parameter "${name}" starts with`;
    if (data.length !== sizeOf(shape))
      throw new Error(`${where} ${data.length} numbers for shape ${formatShape(shape)}.`);
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) throw new RangeError(`${where} ${data[bad]} at element ${bad}; expected finite numbers.`);
  }
  return start;
}
