import type { Session } from "../engine/engine.js";
import { isPromise, settle, type Work } from "../engine/run.js";
import type { AtOnce } from "./at-once.js";
import { type BatchIterator, type Columns, iterateBatches, rowsOf, weightOf, wholeOf } from "./columns.js";
import type { Batch, Dataset } from "./dataset.js";
import { memory } from "./memory.js";

/** What lies in the batch's memory: the same object each time. */
export interface Fed {
  readonly rows: number;
  readonly weight: number;
}

/** Brings the rows of each batch into memory. */
export interface Feeder {
  /** The batch with this number (from 0) of this epoch (from 0), at once where it can be; called in order, from any place. */
  feed(epoch: number, batch: number): AtOnce<Fed>;
  close(): Work<void>;
}

export interface FeederOptions {
  readonly data: Dataset<any>;
  readonly columns: Columns;
  readonly rows: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly last: "keep" | "drop";
  readonly fullBatch: boolean;
}

export function createFeeder(session: Session, options: FeederOptions): Feeder {
  const { data, columns } = options;
  const where = `data "${data.info.name}"`;
  const fed = { rows: 0, weight: 0 };
  const write = (batch: Batch): Fed => {
    const rows = rowsOf(where, columns, batch);
    if (rows > options.rows)
      throw new Error(`${where} gave a batch of ${rows} rows; at most ${options.rows} were asked for.`);
    for (const name in columns) session.write(memory.batch, name, batch[name]!.data);
    fed.rows = rows;
    fed.weight = weightOf(batch, rows);
    return fed;
  };
  return options.fullBatch ? wholeFeeder(data, write) : batchFeeder(options, where, write);
}

/** All rows stay in memory. */
function wholeFeeder(data: Dataset<any>, write: (batch: Batch) => Fed): Feeder {
  let fed: Fed | undefined;
  function* feedAll(): Work<Fed> {
    fed = write(yield* wholeOf(data));
    return fed;
  }
  return {
    feed: () => fed ?? feedAll(),
    *close() {},
  };
}

function batchFeeder(
  { data, rows: size, seed, shuffle, last }: FeederOptions,
  where: string,
  write: (batch: Batch) => Fed,
): Feeder {
  let batches: BatchIterator<Batch> | undefined;
  let epochNow = -1;
  let at = 0;
  function writeNext(next: Batch | undefined): Fed {
    at++;
    if (next) return write(next);
    throw new Error(
      `${where} has ${data.rows} rows but gave only ${at - 1} batches of ${size} in epoch ${epochNow + 1}.`,
    );
  }
  function* begin(epoch: number, batch: number): Work<Fed> {
    yield* feeder.close();
    batches = iterateBatches<Batch>(data, { size, seed, epoch, shuffle, last });
    epochNow = epoch;
    // A resumed run has learned from the batches before.
    for (at = 0; at < batch; at++) yield* settle(batches.next());
    return writeNext(yield* settle(batches.next()));
  }
  function* wait(next: PromiseLike<Batch | undefined>): Work<Fed> {
    return writeNext(yield* settle(next));
  }
  const feeder = {
    feed(epoch: number, batch: number): AtOnce<Fed> {
      if (epoch !== epochNow || batch !== at) return begin(epoch, batch);
      const next = batches!.next();
      return next && isPromise(next) ? wait(next) : writeNext(next);
    },
    *close(): Work<void> {
      if (batches) yield* batches.close();
      batches = undefined;
    },
  };
  return feeder;
}
