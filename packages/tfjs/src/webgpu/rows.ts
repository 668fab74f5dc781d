import { sizeOf } from "@downhill/core";
import { type Access, accessesOf, extentOf, type LoopStep, mapAccesses } from "@downhill/core/engine";
import type { Memory } from "./memory.js";

/**
 * Rows run beside one another here, so memory that holds one row, the same for all, becomes memory for each row: blocks
 * of it, which lie apart, one after another.
 */
export function expandRows(step: LoopStep, memory: Memory): LoopStep {
  const touches = accessesOf(step).filter(({ access }) => access.perRow);
  if (touches.length === 0) return step;
  const blocks: { begin: number; end: number; row: number }[] = [];
  const sorted = touches.map((touch) => ({
    begin: touch.access.offset,
    end: touch.access.offset + extentOf(touch),
  }));
  for (const { begin, end } of sorted.sort((a, b) => a.begin - b.begin)) {
    const last = blocks.at(-1);
    if (last && begin < last.end) last.end = Math.max(last.end, end);
    else blocks.push({ begin, end, row: 0 });
  }
  let row = 0;
  for (const block of blocks) {
    block.row = row;
    row += block.end - block.begin;
  }
  const base = memory.take(row * sizeOf(step.rows));
  const strides = step.rows.map((_, axis) => row * sizeOf(step.rows.slice(axis + 1)));
  const expand = ({ perRow, ...access }: Access): Access => {
    if (!perRow) return access;
    const block = blocks.find(({ begin, end }) => begin <= access.offset && access.offset < end)!;
    return {
      buffer: memory.workspace,
      offset: base + block.row + access.offset - block.begin,
      strides: access.strides.map((stride, axis) => strides[axis] ?? stride),
    };
  };
  return mapAccesses(step, expand) as LoopStep;
}
