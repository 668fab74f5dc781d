import type { Child } from "./child.js";
import type { Spec } from "./spec.js";

/** What many runs of a program leave on the JavaScript heap. */
export interface Heap {
  readonly case: string;
  readonly engine: string;
  readonly runs: number;
  /** Of all runs together. */
  readonly bytes: number;
}

const RUNS = 10_000;
const step: Spec = { kind: "step", sizes: [13, 32, 1], classes: false, batch: 32 };

/** Trains a small net long enough for compilers to be done, then for 10 000 more steps. */
export async function measureHeap(child: Child): Promise<Heap> {
  await child.prepare(step);
  await child.run(2 * RUNS);
  const bytes = await child.heap(RUNS);
  return { case: "training step 13-32-1, batch 32", engine: child.name, runs: RUNS, bytes };
}

export function heapTable(list: readonly Heap[]): string {
  return list
    .map(
      ({ case: name, engine, runs, bytes }) =>
        `${name.padEnd(44)} ${engine.padEnd(6)} ${bytes} bytes of heap in ${runs} runs`,
    )
    .join("\n");
}
