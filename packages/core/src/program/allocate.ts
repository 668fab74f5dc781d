import { type Access, accessesOf, extentOf, mapAccesses, type Step } from "./plan.js";

/** Scratch begins at whole cache lines, so that engines may use aligned vectors. */
const ALIGNMENT = 16;

/**
 * Lays scratch out in one buffer by first fit: values whose lifetimes (from their first writer to their last reader) do
 * not overlap share memory.
 */
export function allocate(
  steps: readonly Step[],
  scratchBuffer: number,
): { readonly steps: readonly Step[]; readonly size: number } {
  const blocks = new Map<number, { first: number; last: number; size: number; offset: number }>();
  steps.forEach((step, at) => {
    for (const touch of accessesOf(step)) {
      const { access } = touch;
      if (access.buffer >= 0) continue;
      const block = blocks.get(access.buffer) ?? { first: at, last: at, size: 0, offset: 0 };
      blocks.set(access.buffer, {
        ...block,
        last: at,
        size: Math.max(block.size, access.offset + extentOf(touch)),
      });
    }
  });
  let size = 0;
  const laid: { first: number; last: number; size: number; offset: number }[] = [];
  for (const block of [...blocks.values()].sort((a, b) => a.first - b.first)) {
    const alive = laid.filter((other) => other.last >= block.first).sort((a, b) => a.offset - b.offset);
    for (const other of alive) {
      if (block.offset + block.size <= other.offset) break;
      block.offset = Math.max(block.offset, Math.ceil((other.offset + other.size) / ALIGNMENT) * ALIGNMENT);
    }
    laid.push(block);
    size = Math.max(size, block.offset + block.size);
  }
  const place = (access: Access): Access => {
    if (access.buffer >= 0) return access;
    return { ...access, buffer: scratchBuffer, offset: access.offset + blocks.get(access.buffer)!.offset };
  };
  return { steps: steps.map((step) => mapAccesses(step, place)), size };
}
