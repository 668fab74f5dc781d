import type { DType, Floats, Kernel, Layout, Program, Session } from "@downhill/core";
import { compileProgram } from "@downhill/core/engine";
import { ArenaMemory } from "./arena-memory.js";
import { emitProgram } from "./emit/program.js";
import { aligned, Target } from "./emit/target.js";
import { standIn } from "./stand-in.js";

interface SessionOptions {
  readonly relaxed: boolean;
  /** Whether js may run what does not compile. */
  readonly fallback: boolean;
  readonly notes: readonly string[];
}

/** Programs, each a module, over one memory. */
export class WasmSession implements Session<"sync"> {
  readonly layout: Layout;
  readonly dtype: DType;
  readonly notes: string[];
  readonly #relaxed: boolean;
  readonly #fallback: boolean;
  #memory: ArenaMemory | undefined;
  /** Memory that no program keeps anything in between runs, for all that it is large enough for. */
  #scratch = { address: 0, bytes: 0 };

  constructor(layout: Layout, dtype: DType, options: SessionOptions) {
    this.layout = layout;
    this.dtype = dtype;
    this.notes = [...options.notes];
    this.#relaxed = options.relaxed;
    this.#fallback = options.fallback;
    this.#memory = new ArenaMemory(layout, dtype, false);
  }

  load(program: Program): Kernel<"sync"> {
    const memory = this.#open;
    const plan = compileProgram(program, this.layout, this.dtype);
    const bytes = this.dtype === "float32" ? 4 : 8;

    let end = memory.end;
    const take = (size: number) => {
      const address = end;
      end += aligned(size);
      return address;
    };
    const given = take(8 * program.hostScalars.length);
    const host = take(8 * plan.host.length);
    const scalars = take(8 * plan.scalars);
    const needed = plan.buffers.reduce(
      (sum, x) => sum + (x.kind === "scratch" ? aligned(x.size * bytes) : 0),
      0,
    );
    const scratch = needed > this.#scratch.bytes ? { address: take(needed), bytes: needed } : this.#scratch;
    let free = scratch.address;
    const buffers = plan.buffers.map((buffer) => {
      if (buffer.kind === "arena") return memory.arenaAddress(buffer.name);
      if (buffer.kind === "data") return take(buffer.values.length * bytes);
      free += aligned(buffer.size * bytes);
      return free - aligned(buffer.size * bytes);
    });
    const target = new Target(
      plan,
      { given, host, scalars, buffers, end },
      { shared: false, relaxed: this.#relaxed },
    );
    let module: WebAssembly.Module;
    try {
      module = new WebAssembly.Module(emitProgram(target));
    } catch (error) {
      if (!this.#fallback) throw error;
      this.notes.push(
        `wasm could not compile a program (${reason(error)}), so the engine js runs it, which is slower.`,
      );
      return standIn(program, this.layout, this.dtype, this.view);
    }
    memory.growTo(target.end);
    this.#scratch = scratch;
    for (const { address, words } of target.tables)
      new Uint32Array(memory.buffer, address, words.length).set(words);
    plan.buffers.forEach((buffer, i) => {
      if (buffer.kind !== "data") return;
      const Floats = this.dtype === "float32" ? Float32Array : Float64Array;
      new Floats(memory.buffer, buffers[i]!, buffer.values.length).set(buffer.values);
    });

    const instance = new WebAssembly.Instance(module, { m: { m: memory.memory } });
    const compute = instance.exports.run as () => void;
    const view = () => new Float64Array(memory.buffer, given, program.hostScalars.length);
    let numbers = view();
    return {
      run(scalars) {
        // A memory that has grown since has another buffer.
        if (numbers.buffer !== memory.buffer) numbers = view();
        for (let i = 0; i < numbers.length; i++) numbers[i] = scalars[i]!;
        compute();
      },
    };
  }

  read(arena: string, name?: string): Floats {
    return this.#open.view(arena, name).slice();
  }

  write(arena: string, name: string | undefined, values: ArrayLike<number>): void {
    this.#open.view(arena, name).set(values);
  }

  readonly view = (arena: string, name?: string): Floats => this.#open.view(arena, name);

  dispose(): void {
    this.#memory = undefined;
  }

  get #open(): ArenaMemory {
    if (this.#memory) return this.#memory;
    throw new Error("wasm: this session was disposed of. Open another with engine.open(layout, dtype).");
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
