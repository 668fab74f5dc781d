import { type Access, accessesOf, extentOf, type Plan, type Step } from "@downhill/core/engine";
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
  /** Where each of the plan's buffers begins there, those apart that are slots. */
  readonly #places: readonly (number | undefined)[];
  /** Sizes of the buffers that `own` made, in their order. */
  readonly owned: number[] = [];
  /** Size of the workspace so far. */
  size = 0;

  constructor(plan: Plan) {
    this.workspace = plan.buffers.filter((buffer) => buffer.kind === "arena").length;
    this.scalars = this.workspace + 1;
    this.scalarCount = plan.scalars;
    this.#places = plan.buffers.map((x) =>
      x.kind === "arena" ? undefined : this.take(x.kind === "data" ? x.values.length : x.size),
    );
  }

  /** Numbers of the workspace that nothing else uses, from a multiple of four on. */
  take(count: number): number {
    const begin = this.size;
    this.size += 4 * Math.ceil(count / 4);
    return begin;
  }

  /** A buffer besides the workspace. */
  own(size: number): number {
    return this.scalars + this.owned.push(size);
  }

  scalar(index: number): Access {
    return { buffer: this.scalars, offset: index, strides: [] };
  }

  /** An access of the plan, on the device's buffers. */
  place(access: Access): Access {
    const place = this.#places[access.buffer];
    return place === undefined
      ? access
      : { ...access, buffer: this.workspace, offset: access.offset + place };
  }
}

/** The memory of each of a step's accesses, in the order of `mapAccesses`; device scalars apart. */
export function rangesOf(step: Step): Range[] {
  return accessesOf(step).map((touch) => {
    const { buffer, offset } = touch.access;
    return { buffer, begin: offset, end: offset + extentOf(touch), writes: touch.writes };
  });
}
