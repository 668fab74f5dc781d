import type { Access, Instruction, LoopStep, Segment } from "@downhill/core/engine";

/** Strides of numbers that lie in order with nothing between them. */
export function contiguous(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let size = 1;
  for (const length of [...shape].reverse()) {
    strides.unshift(size);
    size *= length;
  }
  return strides;
}

/** Where the parts of a reduction leave their results: `count` of them, `apart` from one another. */
export interface Partials {
  readonly count: number;
  readonly apart: number;
  readonly access: Access;
}

/** What follows the parts of a reduction: their results, of `shape`, made one in their order. */
export function sumOfParts(
  by: (Instruction & { op: "reduce" })["by"],
  { count, apart, access }: Partials,
  shape: readonly number[],
  stores: readonly Access[],
  totals: Segment["totals"],
): LoopStep {
  const segment: Segment = {
    inner: [count, ...shape],
    body: [
      { op: "load", access: { ...access, strides: [apart, ...access.strides] } },
      { op: "reduce", by, inputs: [0], axes: [0] },
    ],
    stores: stores.map((store) => ({ value: 1, access: { ...store, strides: [0, ...store.strides] } })),
    totals: totals.map((total) => ({ ...total, value: 1 })),
  };
  return { kind: "loops", rows: [], segments: [segment] };
}
