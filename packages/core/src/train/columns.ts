import { isPromise, settle, type Work } from "../engine/run.js";
import { formatShape, type Shape, ShapeError, sameShape, sizeOf } from "../expr/shape.js";
import { constant, leaf, type Tensor } from "../expr/tensor.js";
import type { Data } from "../program/data.js";
import type { Batch, BatchOptions, Dataset } from "./dataset.js";
import type { TracedBatch } from "./model.js";

/** Shapes of one row by column name. */
export type Columns = Readonly<Record<string, Shape>>;

/** Slots for up to `rows` rows. */
export function rowSlots(columns: Columns, rows: number): Readonly<Record<string, Shape>> {
  return Object.fromEntries(Object.entries(columns).map(([name, shape]) => [name, [rows, ...shape]]));
}

/** The rows in an arena as a loss sees them. Rows without weights weigh 1, which a program can fold away. */
export function traceRows(arena: string, columns: Columns, rows: number): TracedBatch<Batch> {
  const leaves = Object.entries(columns).map(([name, shape]) => [name, leaf(arena, name, [rows, ...shape])]);
  return { weight: constant(1, [rows]), ...(Object.fromEntries(leaves) as Record<string, Tensor>) };
}

/** How many rows a batch has. Throws where its columns are not those that the data declares. */
export function rowsOf(where: string, columns: Columns, batch: Batch): number {
  let rows: number | undefined;
  for (const name in columns) {
    const column = batch[name];
    if (column === undefined) throw new Error(`${where}: the batch has no column "${name}".`);
    rows ??= column.shape[0];
    if (!sameShape(column.shape.slice(1), columns[name]!) || column.shape[0] !== rows || rows === undefined) {
      const expected = formatShape([rows ?? 0, ...columns[name]!]);
      throw new ShapeError(
        `${where}: column "${name}" of a batch has shape ${formatShape(column.shape)}; expected ${expected}.`,
      );
    }
    if (column.data.length !== sizeOf(column.shape)) {
      throw new ShapeError(
        `${where}: column "${name}" has ${column.data.length} numbers and shape ${formatShape(column.shape)}.`,
      );
    }
  }
  return rows ?? 0;
}

/** What a batch weighs: Σ w, or its number of rows where rows have no weights. */
export function weightOf(batch: Batch, rows: number): number {
  const { weight } = batch;
  if (weight === undefined) return rows;
  let sum = 0;
  for (let i = 0; i < weight.data.length; i++) sum += weight.data[i]!;
  return sum;
}

/** Batches one by one, from data that has them at once or must be waited for. */
export interface BatchIterator<B extends Batch> {
  /** The next batch, at once where it can be; undefined at the end. */
  next(): B | undefined | PromiseLike<B | undefined>;
  close(): Work<void>;
}

export function iterateBatches<B extends Batch>(data: Dataset<B>, options: BatchOptions): BatchIterator<B> {
  const batches = data.batches(options);
  const iterator: Iterator<B> | AsyncIterator<B> =
    Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  return {
    next() {
      const result = iterator.next() as IteratorResult<B> | PromiseLike<IteratorResult<B>>;
      return isPromise(result) ? result.then(valueOf) : valueOf(result);
    },
    *close() {
      const result = iterator.return?.();
      if (result && isPromise(result)) yield result;
    },
  };
}

const valueOf = <B>(result: IteratorResult<B>) => (result.done ? undefined : result.value);

/** All rows of the data in their own order, as one batch. */
export function* wholeOf<B extends Batch>(data: Dataset<B>): Work<B> {
  const batches = iterateBatches(data, { size: data.rows, seed: 0, epoch: 0, shuffle: false, last: "keep" });
  const batch = yield* settle(batches.next());
  if (batch === undefined)
    throw new Error(`data "${data.info.name}" gave no batch of its ${data.rows} rows.`);
  yield* batches.close();
  return batch;
}

/** Rows `start` to `end` of a column, without a copy. */
export function sliceRows({ data, shape }: Data, start: number, end: number): Data {
  const width = sizeOf(shape.slice(1));
  return { data: data.subarray(start * width, end * width), shape: [end - start, ...shape.slice(1)] };
}
