import { createInterface } from "node:readline";
import type { Spec } from "./spec.js";

/** A spec made ready. */
export interface Prepared {
  run(): void;
  /** Waits until all runs have been made, on a device that makes them later. */
  settle?(): Promise<void>;
  /** Numbers that all participants must agree on after the same number of runs; none where there is nothing to compare. */
  result?(): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** What one run asks of a GPU. */
  count?(): Promise<GpuCounts>;
  dispose?(): void;
}

export interface GpuCounts {
  readonly device: string;
  readonly dispatches: number;
  readonly submits: number;
  /** Readings of the device by the host. */
  readonly reads: number;
}

export type Prepare = (spec: Spec) => Prepared | undefined | Promise<Prepared | undefined>;

/** What the parent asks, a line of JSON each; answers are lines too. */
export type Request =
  | { readonly ask: "prepare"; readonly spec: Spec }
  | { readonly ask: "run"; readonly times: number }
  | { readonly ask: "heap"; readonly times: number }
  | { readonly ask: "count" }
  | { readonly ask: "result" };

/** Answers the parent's requests on stdin until that ends. */
export async function serve(prepare: Prepare): Promise<void> {
  let prepared: Prepared | undefined;
  const say = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if (request.ask === "prepare") {
      prepared?.dispose?.();
      const begin = performance.now();
      try {
        prepared = await prepare(request.spec);
        say({ ready: prepared !== undefined, ms: performance.now() - begin });
      } catch (error) {
        prepared = undefined;
        say({ ready: false, error: String(error) });
      }
    } else if (request.ask === "run") {
      const begin = performance.now();
      for (let i = 0; i < request.times; i++) prepared!.run();
      await prepared!.settle?.();
      say({ ms: performance.now() - begin });
    } else if (request.ask === "heap") say({ bytes: heapGrowth(prepared!, request.times) });
    else if (request.ask === "count") say({ counts: await prepared!.count?.() });
    else say({ result: prepared!.result && Array.from(await prepared!.result()) });
  }
}

/**
 * Bytes by which the JavaScript heap grows in so many runs: the least of some tries, for compilers work beside them, and
 * without what looking at it takes.
 */
function heapGrowth({ run }: Prepared, times: number): number {
  const grownBy = (count: number) => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < count; i++) run();
    return process.memoryUsage().heapUsed - before;
  };
  const least = (count: number) => Math.min(...Array.from({ length: 7 }, () => Math.abs(grownBy(count))));
  return Math.max(0, least(times) - least(0));
}
