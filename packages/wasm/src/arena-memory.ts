import type { DType, Floats, Layout } from "@downhill/core";
import { aligned } from "./emit/target.js";
import { control } from "./threads/control.js";

const PAGE = 65536;
/** What 32-bit addresses reach. */
const MOST_PAGES = 65536;

interface Slot {
  readonly address: number;
  readonly count: number;
}

/** The linear memory of a session: arenas at its beginning, and behind them what programs take. */
export class ArenaMemory {
  readonly memory: WebAssembly.Memory;
  /** What `memory.buffer` says, without asking it in every run. */
  buffer: ArrayBufferLike;
  readonly #layout: Layout;
  readonly #dtype: DType;
  readonly #arenas = new Map<string, { whole: Slot; slots: Map<string, Slot> }>();
  #end: number;

  /** Memory that threads can share begins with the words by which they agree. */
  constructor(layout: Layout, dtype: DType, shared: boolean) {
    this.#end = shared ? control.end : 64; // Address 0 stays free.
    this.#layout = layout;
    this.#dtype = dtype;
    const bytes = dtype === "float32" ? 4 : 8;
    for (const [arena, shapes] of Object.entries(layout)) {
      const start = this.#end;
      const slots = new Map<string, Slot>();
      let address = start;
      for (const [name, shape] of Object.entries(shapes)) {
        const count = shape.reduce((product, length) => product * length, 1);
        slots.set(name, { address, count });
        address += count * bytes;
      }
      this.#arenas.set(arena, { whole: { address: start, count: (address - start) / bytes }, slots });
      this.#end = aligned(address);
    }
    const initial = Math.ceil(this.#end / PAGE);
    try {
      if (initial > MOST_PAGES) throw new RangeError("a 32-bit memory ends at 4 GiB");
      this.memory = new WebAssembly.Memory(
        shared ? { initial, maximum: MOST_PAGES, shared: true } : { initial },
      );
    } catch (error) {
      throw notToBeHad(this.#end, error);
    }
    this.buffer = this.memory.buffer;
  }

  /** The first address that nothing uses. */
  get end(): number {
    return this.#end;
  }

  /** Takes all memory below `end`. Views of the memory from before hold no longer. */
  growTo(end: number): void {
    const missing = Math.ceil(end / PAGE) - this.buffer.byteLength / PAGE;
    if (missing > 0) {
      try {
        this.memory.grow(missing);
      } catch (error) {
        throw notToBeHad(end, error);
      }
    }
    this.buffer = this.memory.buffer;
    this.#end = end;
  }

  arenaAddress(arena: string): number {
    return this.#slot(arena).address;
  }

  view(arena: string, name?: string): Floats {
    const { address, count } = this.#slot(arena, name);
    const { buffer } = this;
    return this.#dtype === "float32"
      ? new Float32Array(buffer, address, count)
      : new Float64Array(buffer, address, count);
  }

  #slot(arena: string, name?: string): Slot {
    const found = this.#arenas.get(arena);
    const slot = name === undefined ? found?.whole : found?.slots.get(name);
    if (slot) return slot;
    const names = Object.entries(this.#layout).flatMap(([a, slots]) =>
      Object.keys(slots).map((n) => `${a}:${n}`),
    );
    throw new Error(
      `There is no slot "${name === undefined ? arena : `${arena}:${name}`}" in this session's memory; ` +
        `it has ${names.join(", ")}.`,
    );
  }
}

function notToBeHad(bytes: number, cause: unknown): Error {
  const size = `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `wasm: ${size} of memory are not to be had (${why}). ` +
      "A WebAssembly memory holds at most 4 GiB: use smaller batches or a smaller model, or the engine js, which has no such limit.",
    { cause },
  );
}
