import type { Buffer, Plan, Step } from "@downhill/core/engine";
import { GRAIN } from "./parts.js";
import { splitLoops } from "./split-loops.js";
import { splitMatmul } from "./split-matmul.js";

/** A step, or parts of one that may run in any order and at the same time. */
export interface Job {
  /** With several parts, its first axis counts them: the first of its rows, or of a product's batch. */
  readonly step: Step;
  readonly parts: number;
  /** What does not fill a part, to run beside them. */
  readonly rest?: Step;
}

/** A plan whose large steps are split. What it computes depends on its shapes alone, not on who runs which part. */
export interface SplitPlan extends Omit<Plan, "steps"> {
  readonly jobs: readonly Job[];
  /** The buffer of which each thread has its own: what a row hands on to its later loops. */
  readonly own: number;
}

/**
 * Splits every step that is long enough into parts: loops along an axis, products along rows, columns or terms. Sums
 * over a split axis become sums of each part, which a step of its own adds up in their order.
 */
export function splitPlan({ dtype, host, scalars, buffers, steps }: Plan, grain = GRAIN): SplitPlan {
  const added = { partials: buffers.length, own: buffers.length + 1 };
  const sizes = { partials: 0, own: 0 };
  const jobs = steps.flatMap((step): Job[] => {
    const split = splitStep(step, { ...added, grain });
    if (!split) return [{ step, parts: 1 }];
    sizes.partials = Math.max(sizes.partials, split.partials);
    sizes.own = Math.max(sizes.own, split.own);
    return [split.job, ...split.sums.map((sum) => ({ step: sum, parts: 1 }))];
  });
  const scratch = (size: number): Buffer => ({ kind: "scratch", size });
  return {
    dtype,
    host,
    scalars,
    buffers: [...buffers, scratch(sizes.partials), scratch(sizes.own)],
    jobs,
    own: added.own,
  };
}

export interface SplitOptions {
  /** The buffers for results of parts, and for what each thread has for itself. */
  readonly partials: number;
  readonly own: number;
  /** Operations that make a part. */
  readonly grain: number;
}

/** A step that is split, and what must follow it. */
export interface Split {
  readonly job: Job;
  readonly sums: readonly Step[];
  /** How many numbers it keeps in each of the buffers. */
  readonly partials: number;
  readonly own: number;
}

/** The step in parts; undefined if it is not worth sharing. */
export function splitStep(step: Step, options: SplitOptions): Split | undefined {
  if (step.kind === "loops") return splitLoops(step, options);
  return step.kind === "matmul" ? splitMatmul(step, options) : undefined;
}
