import type { Session } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import { type BatchIterator, type Columns, iterateBatches, rowsOf, weightOf, wholeOf } from "./columns.js";
import type { Batch, Dataset } from "./dataset.js";
import { memory } from "./memory.js";

/** What lies in the batch's memory. */
export interface Fed {
  readonly rows: number;
  readonly weight: number;
}

/** Brings the rows of each batch into memory. */
export interface Feeder {
  /** The batch with this number (from 0) of this epoch (from 0); called in order, from any place. */
  feed(epoch: number, batch: number): Work<Fed>;
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
  const write = (batch: Batch): Fed => {
    const rows = rowsOf(where, columns, batch);
    if (rows > options.rows) throw new Error(`${where} gave a batch of ${rows} rows; at most ${options.rows} were asked for.`);
    for (const name in columns) session.write(memory.batch, name, batch[name]!.data);
    return { rows, weight: weightOf(batch, rows) };
  };
  return options.fullBatch ? wholeFeeder(data, write) : batchFeeder(options, where, write);
}

/** All rows stay in memory. */
function wholeFeeder(data: Dataset<any>, write: (batch: Batch) => Fed): Feeder {
  let fed: Fed | undefined;
  return {
    *feed() {
      fed ??= write(yield* wholeOf(data));
      return fed;
    },
    *close() {},
  };
}

function batchFeeder(
  { data, rows: size, seed, shuffle, last }: FeederOptions,
  where: string,
  write: (batch: Batch) => Fed,
): Feeder {
  let batches: BatchIterator<Batch> | undefined;
  let at = { epoch: -1, batch: 0 };
  const feeder = {
    *feed(epoch: number, batch: number): Work<Fed> {
      if (epoch !== at.epoch) {
        yield* feeder.close();
        batches = iterateBatches<Batch>(data, { size, seed, epoch, shuffle, last });
        at = { epoch, batch: 0 };
      }
      for (;;) {
        const next = yield* batches!.next();
        if (next === undefined) {
          throw new Error(`${where} has ${data.rows} rows but gave only ${at.batch} batches of ${size} in epoch ${epoch + 1}.`);
        }
        // A resumed run has learned from the batches before.
        if (at.batch++ === batch) return write(next);
      }
    },
    *close(): Work<void> {
      if (batches) yield* batches.close();
      batches = undefined;
    },
  };
  return feeder;
}
