import type { Buffer } from "@downhill/core/engine";
import { aligned } from "./emit/target.js";
import type { SplitPlan } from "./threads/split-plan.js";

/** Addresses of what a program needs. */
export interface Placement {
  /** Where the numbers that a run is given, the host's values and the device's scalars begin, all float64. */
  readonly given: number;
  readonly host: number;
  readonly scalars: number;
  /** The beginning of each of the plan's buffers. */
  readonly buffers: readonly number[];
  /** Memory that no program keeps anything in between runs. */
  readonly scratch: Scratch;
  /** Memory from here on is the first thread's; each other has as much behind it. */
  readonly own: number;
  /** The first address that nothing uses yet. */
  readonly end: number;
}

export interface Scratch {
  readonly address: number;
  readonly bytes: number;
}

export const noScratch: Scratch = { address: 0, bytes: 0 };

/** Places all that a program needs from `start` on, but for arenas, and scratch if what there is is large enough. */
export function placeProgram(
  plan: SplitPlan,
  given: number,
  start: number,
  arenaAddress: (name: string) => number,
  existing: Scratch = noScratch,
): Placement {
  const width = plan.dtype === "float32" ? 4 : 8;
  const bytesOf = (buffer: Buffer) =>
    aligned(width * (buffer.kind === "data" ? buffer.values.length : buffer.size));
  let end = start;
  const take = (bytes: number) => {
    const address = end;
    end += aligned(bytes);
    return address;
  };
  const numbers = [given, plan.host.length, plan.scalars].map((count) => take(8 * count));
  const isScratch = (buffer: Buffer, i: number) => buffer.kind === "scratch" && i !== plan.own;
  const bytes = plan.buffers.filter(isScratch).reduce((sum, buffer) => sum + bytesOf(buffer), 0);
  const scratch = bytes > existing.bytes ? { address: take(bytes), bytes } : existing;

  let free = scratch.address;
  const buffers = plan.buffers.map((buffer, i) => {
    if (buffer.kind === "arena") return arenaAddress(buffer.name);
    if (!isScratch(buffer, i)) return take(bytesOf(buffer));
    free += bytesOf(buffer);
    return free - bytesOf(buffer);
  });
  const [givenAt, host, scalars] = numbers as [number, number, number];
  return { given: givenAt, host, scalars, buffers, scratch, own: buffers[plan.own]!, end };
}
