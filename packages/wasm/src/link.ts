import type { Layout, Program } from "@downhill/core";
import { compileProgram } from "@downhill/core/engine";
import { emitProgram } from "./emit/program.js";
import { LINE, Target } from "./emit/target.js";
import { placeProgram } from "./placement.js";
import { writeConstants } from "./session.js";
import { splitPlan } from "./threads/split-plan.js";

/** A float32 program as a module over a memory that belongs to someone else. */
export interface LinkedProgram {
  /**
   * Runs once, on the calling thread. `arenas` holds where each arena of the layout begins now, in bytes, in the order
   * of the layout; numbers in an arena follow one another. `scalars` are the program's host scalars.
   */
  run(arenas: ArrayLike<number>, scalars: ArrayLike<number>): void;
}

/** A memory and a way to take some of it for good: `allocate` gives the address of so many bytes. */
export interface ForeignMemory {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
}

/**
 * Compiles a program for memory whose arenas are elsewhere in each run, such as another library's heap. What the program
 * needs for itself is taken once, by `allocate`. Throws where modules are forbidden or the program does not compile.
 */
export function linkProgram(
  program: Program,
  layout: Layout,
  { memory, allocate }: ForeignMemory,
): LinkedProgram {
  // In one part each: nobody shares the steps of a memory that is not ours.
  const plan = splitPlan(compileProgram(program, layout, "float32"), Number.POSITIVE_INFINITY);
  const arenas = Object.keys(layout).length;
  const count = program.hostScalars.length;
  const shared = !(memory.buffer instanceof ArrayBuffer);
  /** The program's own memory from `start` on begins with the addresses of the arenas. */
  const emit = (start: number) => {
    const moving = new Map(Array.from({ length: arenas }, (_, i) => [i, start + 4 * i]));
    const from = start + Math.ceil((4 * arenas) / LINE) * LINE;
    const place = placeProgram(plan, count, from, () => 0);
    const target = new Target(plan, { ...place, moving }, { shared, relaxed: false, firstJob: 1 });
    return { bytes: emitProgram(target), target };
  };
  // How much it needs is known once it is written.
  const { end } = emit(0).target;
  const start = Math.ceil(allocate(end + LINE) / LINE) * LINE;
  const { bytes, target } = emit(start);
  writeConstants(memory.buffer, target);

  const module = new WebAssembly.Module(bytes);
  const { run } = new WebAssembly.Instance(module, { m: { m: memory, g: 0 } }).exports as { run: () => void };
  const views = () => ({
    buffer: memory.buffer,
    addresses: new Uint32Array(memory.buffer, start, arenas),
    given: new Float64Array(memory.buffer, target.given, count),
  });
  let own = views();
  return {
    run(addresses, scalars) {
      // A memory that has grown since has another buffer.
      if (own.buffer !== memory.buffer) own = views();
      own.addresses.set(addresses);
      own.given.set(scalars);
      run();
    },
  };
}
