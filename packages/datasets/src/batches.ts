import { type Data, randomStream } from "@downhill/core";
import type { BatchOptions } from "@downhill/core/train";
import { DataError } from "./data-error.js";
import { gather } from "./rows.js";
import { counted } from "./text.js";

/**
 * Batches of columns [rows, …], a pure function of the options. In their own order rows are views of the columns;
 * shuffled, they are copied into arrays that the next batch reuses.
 */
export function* batchesOf<C extends Readonly<Record<string, Data<Float64Array>>>>(
  columns: C,
  rows: number,
  { size, seed, epoch, shuffle, last }: BatchOptions,
): Generator<C> {
  if (!Number.isInteger(size) || size < 1) {
    throw new DataError(`batches: size is ${size}, expected a whole number of rows from 1.`);
  }
  if (last === "drop" && size > rows) {
    throw new DataError(
      `batches: ${counted(rows, "row")} never fill a batch of ${size}, and the last batch is dropped. ` +
        "Make the batches smaller, or keep the last one.",
    );
  }
  const order = shuffle ? randomStream(seed).fork("shuffle", epoch).permutation(rows) : undefined;
  const entries = Object.entries(columns).map(([name, { data, shape }]) => {
    const width = data.length / rows;
    const buffer = order && new Float64Array(Math.min(size, rows) * width);
    return { name, data, width, buffer, rowShape: shape.slice(1) };
  });
  const end = last === "drop" ? rows - (rows % size) : rows;
  for (let start = 0; start < end; start += size) {
    const count = Math.min(size, end - start);
    const batch = entries.map(({ name, data, width, buffer, rowShape }) => {
      const taken =
        order && buffer
          ? gather(data, width, order.subarray(start, start + count), buffer.subarray(0, count * width))
          : data.subarray(start * width, (start + count) * width);
      return [name, { data: taken, shape: [count, ...rowShape] }];
    });
    yield Object.fromEntries(batch) as C;
  }
}
