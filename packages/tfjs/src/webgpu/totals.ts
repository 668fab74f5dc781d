import { sizeOf } from "@downhill/core";
import type { Access, Step } from "@downhill/core/engine";
import type { Context } from "./emit.js";
import { type Reduce, storedReduction } from "./nest.js";
import { type Combination, groupsFor, reductionTask } from "./reductions.js";
import type { Task } from "./task.js";

/** A device scalar that several groups, of several steps, reduce to. */
interface Total {
  readonly by: Combination;
  /** Numbers that are to be combined, and those that have a place already. */
  parts: number;
  placed: number;
  /** Where they lie, one after another. */
  base: number;
}

/** Gives the groups that share a total their places, and what combines them when all are there. */
export class Totals {
  readonly #totals = new Map<number, Total>();
  readonly #context: Context;

  constructor(steps: readonly Step[], context: Context) {
    this.#context = context;
    for (const step of steps) {
      if (step.kind !== "loops") continue;
      let first = 0;
      for (const { inner, body, totals } of step.segments) {
        const lengths = [...step.rows, ...inner];
        for (const { value, scalar } of totals) {
          const { by, axes } = body[value - first] as Reduce;
          const total = this.#totals.get(scalar) ?? { by, parts: 0, placed: 0, base: 0 };
          total.parts += partsOf(sizeOf(axes.map((axis) => lengths[axis]!)));
          this.#totals.set(scalar, total);
        }
        first += body.length;
      }
    }
    for (const total of this.#totals.values()) total.base = context.memory.take(total.parts);
  }

  /** Where the parts of a step's reduction of `count` elements go, and what must follow it. */
  place(scalar: number, count: number): { readonly access: Access; readonly after: readonly Task[] } {
    const { memory } = this.#context;
    const total = this.#totals.get(scalar)!;
    const { by, parts, base } = total;
    if (parts === 1) return { access: { ...memory.scalar(scalar), strides: [0] }, after: [] };
    const access = { buffer: memory.workspace, offset: base + total.placed, strides: [1] };
    total.placed += partsOf(count);
    if (total.placed < parts) return { access, after: [] };
    const nest = storedReduction([parts], { ...access, offset: base }, by, [0]);
    const to = { ...memory.scalar(scalar), strides: [0] };
    return { access, after: [reductionTask(nest, [0], [{ value: 1, access: to }], this.#context)] };
  }
}

/** Numbers that a reduction to one leaves. */
const partsOf = (count: number) => Math.max(1, groupsFor(1, count));
