import type { Access } from "@downhill/core/engine";

/** The elements from an access' first to its last, in loops of so many iterations. */
export interface Extent {
  readonly buffer: number;
  readonly begin: number;
  readonly end: number;
}

export function extentIn({ buffer, offset, strides }: Access, lengths: readonly number[]): Extent {
  const last = lengths.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), offset);
  return { buffer, begin: offset, end: last + 1 };
}

export const overlap = (a: Extent, b: Extent): boolean =>
  a.buffer === b.buffer && a.begin < b.end && b.begin < a.end;
