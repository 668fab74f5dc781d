import type { Layout, Program } from "@downhill/core";
import type { KernelBackend, Tensor } from "@tensorflow/tfjs-core";

/**
 * An optimizer's update of a set of variables as one program, traced by core. Its slots are core's arenas (`arenas` of
 * "@downhill/core/engine"), named by variable: `parameter` and `gradient`, `state.<slot>` for each state of the rule,
 * `run` for scalars of the whole run, `view` for the points to evaluate of rules that have such, and `output:value`
 * for the loss. The program that sets the first state, and the one that fills `view`, are updates as well.
 *
 * Leaves read what was there before the step, all writes happen as if at once after it. What a leaf of one variable's
 * update reads may be another variable's slot (norms over all parameters), so order matters to whoever works in place.
 */
export interface TracedUpdate {
  /** What is computed. Gradients and the loss are only read. Operators are core's: `lower` or `compileProgram` it. */
  readonly program: Program;
  /** Shape of every slot that the program reads or writes, and of no others. */
  readonly layout: Layout;
}

/**
 * The tensors of a step by `slotKey(arena, name)`, such as "state.m:dense/kernel": float32, of the layout's shapes, on
 * the backend that the update was prepared for. Whatever the program writes is a `tf.Variable`; gradients and the loss
 * are tensors of the caller, often others at each step, never to be written or disposed of.
 */
export type SlotTensors = ReadonlyMap<string, Tensor>;

/**
 * A way to run updates on one backend. `cpu.ts` works in place by core's engine `js`, `wasm.ts` by a SIMD module on
 * tfjs's heap, `webgl.ts` and `webgpu.ts` by kernels of our own, `plain.ts` by tfjs's ops on any backend.
 */
export interface UpdatePath {
  /** What reports call it: "webgpu". */
  readonly name: string;
  /**
   * Compiles an update for `backend`, once for each set of variables. An update that the path cannot run at all is
   * answered by the reason, a sentence's end: "the heap of this build of tfjs is not to be reached"; plain ops run it
   * then. A path that hands over only some variables says so in the report of what it prepared.
   */
  prepare(update: TracedUpdate, backend: KernelBackend): PreparedUpdate | { readonly refused: string };
}

/** An update ready to run. */
export interface PreparedUpdate {
  /** For each variable, by its name, the path it takes and why. */
  readonly report: Readonly<Record<string, PathChoice>>;
  /**
   * Makes one step: writes the variables in `tensors` in place, or by `Variable.assign` with tensors of its own making.
   * A variable whose data another tensor shares (`backend.refCount(dataId) > 1`, as for `tf.variable(x)` while `x`
   * lives) gets data of its own first. `hostScalars` are in the order of `program.hostScalars` and hold for the call
   * only; what depends on them alone is evaluated on the host, in float64. Reads nothing back from the device, and
   * leaves no tensors behind.
   */
  run(tensors: SlotTensors, hostScalars: Float64Array): void;
  /** Frees what `prepare` took. The tensors are the caller's. */
  dispose(): void;
}

/** Which path a variable's update takes. */
export interface PathChoice {
  readonly path: string;
  /** In a few words: "one dispatch in place", "this rule multiplies matrices, which tfjs does". */
  readonly why: string;
}
