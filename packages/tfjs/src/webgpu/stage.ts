import { type Access, mapAccesses, type Step } from "@downhill/core/engine";
import { type Memory, rangesOf } from "./memory.js";

/** Numbers to be copied from one buffer to another. */
export interface Copy {
  readonly from: Access;
  readonly to: Access;
  readonly count: number;
}

/**
 * A kernel may bind only so many buffers. A step that touches more works on copies in the workspace of those beyond:
 * what must be copied there before it, and back after it.
 */
export function stageExcess(
  step: Step,
  limit: number,
  memory: Memory,
): { readonly before: readonly Copy[]; readonly step: Step; readonly after: readonly Copy[] } {
  const ranges = rangesOf(step);
  const buffers = [...new Set(ranges.map(({ buffer }) => buffer))];
  const slots = buffers.filter((buffer) => buffer !== memory.workspace);
  // Besides slots there may be the workspace, which reductions need in any case, and device scalars that are set.
  const inLoops = step.kind === "loops" ? step.segments : [];
  const reduces = inLoops.some(({ body }) => body.some(({ op }) => op === "reduce"));
  const sets = step.kind === "scalars" || inLoops.some(({ totals }) => totals.length > 0);
  const usesWorkspace = reduces || slots.length < buffers.length;
  const fits = slots.length + Number(usesWorkspace) + Number(sets) <= limit;
  const excess = fits || step.kind === "matmul" ? [] : slots.slice(limit - 1 - Number(sets));
  const before: Copy[] = [];
  const after: Copy[] = [];
  const bases = new Map<number, number>();
  for (const buffer of excess) {
    const here = ranges.filter((range) => range.buffer === buffer);
    const begin = Math.min(...here.map((range) => range.begin));
    const count = Math.max(...here.map((range) => range.end)) - begin;
    const base = memory.take(count);
    bases.set(buffer, base - begin);
    const original = { buffer, offset: begin, strides: [] };
    const copy = { buffer: memory.workspace, offset: base, strides: [] };
    before.push({ from: original, to: copy, count });
    if (here.some((range) => range.writes)) after.push({ from: copy, to: original, count });
  }
  const moved = mapAccesses(step, (access) => {
    const base = bases.get(access.buffer);
    return base === undefined
      ? access
      : { ...access, buffer: memory.workspace, offset: access.offset + base };
  });
  return { before, step: moved, after };
}
