import type { Engine } from "@downhill/core";
import { type Reporter, train } from "@downhill/core/train";
import { digits } from "@downhill/datasets";
import { mlp } from "@downhill/models";
import { adamw } from "@downhill/optimizers";

const rows = digits().standardize();
const batchSize = 32;

/** Steps made, and the milliseconds they took with all that belongs to them. */
export interface Spent {
  readonly steps: number;
  readonly ms: number;
}

/** A training of the digits net that goes on when it is told to. */
export interface DigitsRun {
  /** Goes on for whole epochs, as many as begin within the time. */
  take(ms: number): Promise<Spent>;
  end(): Promise<void>;
}

/** Between its turns it waits for the first batch of an epoch, as a training does whose data is late. */
export function startDigitsRun(engine: Engine, reporters: readonly Reporter[]): DigitsRun {
  let turn: { readonly sinceMs: number; readonly ms: number; readonly end: (spent: Spent) => void };
  let steps = 0;
  let isOver = false;
  let goOn: () => void;
  let arrive: () => void;
  let arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  /** Ends a turn that has lasted: resolves when the next begins. */
  function pass(): Promise<void> | undefined {
    if (turn) {
      const ms = performance.now() - turn.sinceMs;
      if (isOver || ms < turn.ms) return undefined;
      turn.end({ steps, ms });
    }
    arrive();
    return new Promise((resolve) => {
      goOn = resolve;
    });
  }
  const data = {
    ...rows,
    batches(options: Parameters<typeof rows.batches>[0]) {
      const batches = rows.batches(options)[Symbol.iterator]();
      const next = () => {
        steps++;
        return batches.next();
      };
      // All rows at once are to be evaluated.
      let mayWait = options.size === batchSize;
      const iterator = {
        next() {
          const wait = mayWait ? pass() : undefined;
          mayWait = false;
          return wait ? wait.then(next) : next();
        },
      };
      return { [Symbol.iterator]: () => iterator };
    },
    // Batches are there at once but for an epoch's first: as promises all of them, each step would cost more.
  } as typeof rows;
  const closing = new AbortController();
  const run = train(mlp({ hidden: [64], classes: 10 }), {
    ...{ data, engine, batchSize, epochs: 1e9, reporters, signal: closing.signal },
    optimizer: adamw(),
  });
  return {
    async take(ms) {
      await arrived;
      arrived = new Promise((resolve) => {
        arrive = resolve;
      });
      return new Promise((end) => {
        steps = 0;
        turn = { sinceMs: performance.now(), ms, end };
        goOn();
      });
    },
    async end() {
      await arrived;
      isOver = true;
      closing.abort();
      goOn();
      const { notices } = await run;
      if (notices.length > 0) throw new Error(notices.join(" "));
    },
  };
}
