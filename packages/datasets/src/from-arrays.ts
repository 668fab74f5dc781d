import { type Data, formatShape, sizeOf } from "@downhill/core";
import { DataError } from "./data-error.js";
import type { Missing } from "./missing.js";
import type { Samples } from "./samples.js";
import { columnOf } from "./table.js";
import { encodeTarget, type Task } from "./target.js";
import { samplesOf } from "./to-samples.js";

export interface ArrayOptions {
  /** Default "arrays". */
  readonly name?: string;
  /** Names of the features, one for each number of a row of x. Default x0, x1, …. */
  readonly features?: readonly string[];
  /** Name of the target. Default "y". */
  readonly target?: string;
  /** Default: classification for texts, regression for numbers. */
  readonly task?: Task;
  /** [rows], from 0. */
  readonly weight?: ArrayLike<number>;
  /** What becomes of NaN. Default "error". */
  readonly missing?: Missing;
}

/**
 * Samples from one's own arrays.
 *
 * x: rows of numbers of equal length, or [rows, …] as `tensor` makes it. y: [rows] of numbers, or texts that become
 * classes. Throws a DataError when lengths differ, and for NaN and infinite values, with row and column.
 */
export function fromArrays(
  x: readonly ArrayLike<number>[] | Data,
  y: ArrayLike<number> | readonly string[],
  options: ArrayOptions = {},
): Samples {
  const { name = "arrays", target = "y", task, weight, missing = "error" } = options;
  const { data, shape } = "shape" in x ? flat(x) : stacked(x, name);
  const [count = 0, ...rowShape] = shape;
  const width = sizeOf(rowShape);
  const features = options.features ?? Array.from({ length: width }, (_, j) => `x${j}`);
  if (features.length !== width) {
    throw new DataError(`${name}: got ${features.length} names for the ${width} features of a row.`);
  }
  for (const [what, length] of [
    ["y", y.length],
    ["weight", weight?.length ?? count],
  ] as const) {
    if (length !== count) throw new DataError(`${name}: x has ${count} rows, ${what} has ${length}.`);
  }
  if (count === 0 || width === 0) {
    throw new DataError(
      `${name}: x has shape ${formatShape(shape)}, expected at least one row and one feature.`,
    );
  }
  const source = { name };
  const { y: values, classes } = encodeTarget(
    source,
    columnOf(target, y instanceof Float64Array ? y.slice() : y),
    task,
  );
  return samplesOf({
    source,
    rows: { count, width, x: data, y: values, weight: weight && Float64Array.from(weight) },
    features: features.map((column) => ({ column, type: "number" })),
    origins: { features, target, weight: weight && "weight" },
    info: { name, features, target, ...(classes && { classes }) },
    shape: rowShape,
    missing,
    notices: [],
  });
}

function flat({ data, shape }: Data): Data<Float64Array> {
  if (shape.length < 2) {
    throw new DataError(
      `fromArrays: x has shape ${formatShape(shape)}, expected [rows, features] or [rows, …].`,
    );
  }
  return { data: Float64Array.from(data), shape };
}

function stacked(x: readonly ArrayLike<number>[], name: string): Data<Float64Array> {
  const width = x[0]?.length ?? 0;
  const data = new Float64Array(x.length * width);
  x.forEach((row, i) => {
    if (row.length !== width) {
      throw new DataError(`has ${row.length} features, expected ${width} as in the first row.`, {
        source: { name },
        row: i,
      });
    }
    data.set(row, i * width);
  });
  return { data, shape: [x.length, width] };
}
