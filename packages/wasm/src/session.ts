import type { DType, Kernel, Layout, Program, Session } from "@downhill/core";
import { compileProgram } from "@downhill/core/engine";
import { ArenaMemory } from "./arena-memory.js";
import { emitProgram } from "./emit/program.js";
import { Target } from "./emit/target.js";
import { foldFactors } from "./fold-factors.js";
import type { Settled } from "./options.js";
import { noScratch, placeProgram } from "./placement.js";
import { recomputeOneHot } from "./recompute.js";
import { standIn } from "./stand-in.js";
import { createHelpers, type Helpers } from "./threads/helpers.js";
import { splitPlan } from "./threads/split-plan.js";

/** A program in memory; kernels refer to it by its number, so that none holds memory that was disposed of. */
interface Loaded {
  readonly run: () => void;
  /** What a run is given: a view of the memory. */
  given: Float64Array;
}

/** Ends the helpers of sessions that were dropped undisposed, with all their kernels. */
const forgotten = new FinalizationRegistry<Helpers>((helpers) => helpers.dispose());

/** Adds a note, once. Holds nothing of the session but its notes, so that helpers who call it do not either. */
const noterOf =
  (notes: string[]) =>
  (text: string): void => {
    if (!notes.includes(text)) notes.push(text);
  };

/** Programs, each a module, over one memory. Steps are shared in parts of so many operations as `grain` says. */
export function openSession(layout: Layout, dtype: DType, options: Settled, grain?: number): Session<"sync"> {
  const { relaxed, fallback } = options;
  let { threads, oneThread } = options;
  const notes = [...options.notes];
  const note = noterOf(notes);
  let memory: ArenaMemory | undefined;
  try {
    memory = new ArenaMemory(layout, dtype, threads > 1);
  } catch (error) {
    // Shared memory takes its addresses at once, and of those some machines have too few.
    if (threads === 1) throw error;
    memory = new ArenaMemory(layout, dtype, false);
    oneThread = `One thread runs instead of ${threads}: no memory to share is to be had.`;
    threads = 1;
  }
  const shared = threads > 1;
  const programs: Loaded[] = [];
  let scratch = noScratch;
  // No job has the number 0.
  let firstJob = 1;
  const helpers = createHelpers(threads - 1, note);
  forgotten.register(programs, helpers, helpers);

  const open = (): ArenaMemory => {
    if (memory) return memory;
    throw new Error("wasm: this session was disposed of. Open another with engine.open(layout, dtype).");
  };
  const view: Session<"sync">["view"] = (arena, name) => open().view(arena, name);

  function load(program: Program): Kernel<"sync"> {
    const { end } = open();
    const plan = splitPlan(recomputeOneHot(foldFactors(compileProgram(program, layout, dtype))), grain);
    const jobs = plan.jobs.filter(({ parts }) => parts > 1).length;
    const count = program.hostScalars.length;
    const place = placeProgram(plan, count, end, (arena) => open().arenaAddress(arena), scratch);
    // Addresses beyond what there is would not even compile.
    open().growTo(place.end);
    const target = new Target(plan, place, { shared, relaxed, firstJob });
    let module: WebAssembly.Module;
    try {
      module = new WebAssembly.Module(emitProgram(target));
    } catch (error) {
      if (!fallback) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      note(`wasm could not compile a program (${reason}), so the engine js runs it, which is slower.`);
      return standIn(program, layout, dtype, view);
    }
    const ownBytes = target.end - place.own;
    open().growTo(target.end + (jobs > 0 ? threads - 1 : 0) * ownBytes);
    scratch = place.scratch;
    firstJob += jobs;
    writeConstants(open().buffer, target);

    const own = { m: open().memory, g: 0 };
    const { run } = new WebAssembly.Instance(module, { m: own }).exports as { run: () => void };
    if (jobs > 0) {
      if (oneThread) note(oneThread);
      if (shared) helpers.add({ memory: own.m, module, firstJob: target.firstJob, jobs, ownBytes });
    }
    const given = () => new Float64Array(open().buffer, place.given, count);
    const number = programs.push({ run, given: given() }) - 1;
    return {
      run(scalars) {
        const { buffer } = open();
        const loaded = programs[number]!;
        // A memory that has grown since has another buffer.
        if (loaded.given.buffer !== buffer) loaded.given = given();
        const numbers = loaded.given;
        for (let i = 0; i < numbers.length; i++) numbers[i] = scalars[i]!;
        loaded.run();
      },
    };
  }

  return {
    layout,
    dtype,
    notes,
    load,
    view,
    read: (arena, name) => view(arena, name).slice(),
    write: (arena, name, values) => view(arena, name).set(values),
    dispose() {
      forgotten.unregister(helpers);
      helpers.dispose();
      memory = undefined;
      programs.length = 0;
    },
  };
}

/** What a program expects to find in memory: its data, and tables of its functions. */
export function writeConstants(buffer: ArrayBufferLike, { plan, buffers, tables }: Target): void {
  plan.buffers.forEach((each, i) => {
    if (each.kind !== "data") return;
    const place = [buffer, buffers[i]!, each.values.length] as const;
    const floats = plan.dtype === "float32" ? new Float32Array(...place) : new Float64Array(...place);
    floats.set(each.values);
  });
  for (const { address, words } of tables) new Uint32Array(buffer, address, words.length).set(words);
}
