import { type Access, accessesOf, extentOf, mapAccesses, type Plan, type Step } from "@downhill/core/engine";
import type { Range } from "./task.js";

/**
 * Where a plan's memory is on the device. Slots are buffers of their own, the tensors'; device scalars share one; all else
 * is in the workspace: scratch, the program's own numbers, what kernels add.
 */
export class Memory {
  /** The workspace's number; those below are slots. */
  readonly workspace: number;
  /** The number of the device scalars' buffer; those above were made by `own`. */
  readonly scalars: number;
  readonly scalarCount: number;
  readonly #scratch: number;
  readonly #data: number;
  readonly #sizes: number[] = [];
  #end = 0;

  constructor(plan: Plan) {
    this.workspace = plan.buffers.filter((buffer) => buffer.kind === "arena").length;
    this.scalars = this.workspace + 1;
    this.scalarCount = plan.scalars;
    const sizeOf = (kind: "scratch" | "data") =>
      plan.buffers.reduce((sum, x) => {
        if (x.kind !== kind) return sum;
        return sum + (x.kind === "data" ? x.values.length : x.kind === "scratch" ? x.size : 0);
      }, 0);
    this.#scratch = this.take(sizeOf("scratch"));
    this.#data = this.take(sizeOf("data"));
  }

  /** Size of the workspace. */
  get size(): number {
    return this.#end;
  }

  /** Where the program's own numbers begin. */
  get data(): number {
    return this.#data;
  }

  /** Numbers of the workspace that nothing else uses, from a multiple of four on. */
  take(count: number): number {
    const begin = this.#end;
    this.#end += 4 * Math.ceil(count / 4);
    return begin;
  }

  /** A buffer besides the workspace. */
  own(size: number): number {
    this.#sizes.push(size);
    return this.scalars + this.#sizes.length;
  }

  /** Sizes of the buffers that `own` made, in their order. */
  get owned(): readonly number[] {
    return this.#sizes;
  }

  scalar(index: number): Access {
    return { buffer: this.scalars, offset: index, strides: [] };
  }

  /** The plan's steps, on the device's buffers. */
  place(plan: Plan): Step[] {
    const offsets = plan.buffers.map((buffer) =>
      buffer.kind === "arena" ? undefined : buffer.kind === "data" ? this.#data : this.#scratch,
    );
    const place = (access: Access): Access => {
      const offset = offsets[access.buffer];
      return offset === undefined
        ? access
        : { ...access, buffer: this.workspace, offset: access.offset + offset };
    };
    return plan.steps.map((step) => mapAccesses(step, place));
  }
}

/** The memory of each of a step's accesses, in the order of `mapAccesses`; device scalars apart. */
export function rangesOf(step: Step): Range[] {
  return accessesOf(step).map((touch) => {
    const { buffer, offset } = touch.access;
    return { buffer, begin: offset, end: offset + extentOf(touch), writes: touch.writes };
  });
}
