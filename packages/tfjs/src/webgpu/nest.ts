import type { Access, Instruction, Segment } from "@downhill/core/engine";
import type { Context } from "./emit.js";
import type { Range } from "./task.js";

export type Reduce = Extract<Instruction, { op: "reduce" }>;

/** Loops without rows: what a segment does, over the rows' axes and its own. */
export interface Nest extends Pick<Segment, "body" | "stores" | "totals"> {
  readonly lengths: readonly number[];
  /** Number of the body's first instruction. */
  readonly first: number;
}

/** The reduction that gives a value, if it is known only when loops have ended. */
export function reductionOf(
  { body, first }: Pick<Nest, "body" | "first">,
  value: number,
): Reduce | undefined {
  const x = body[value - first];
  return x?.op === "reduce" && x.axes.length > 0 ? x : undefined;
}

/** The instructions that some values are made of. */
export function conesOf(
  { body, first }: Pick<Nest, "body" | "first">,
  values: readonly number[],
): Set<number> {
  const used = new Set(values);
  for (let i = body.length - 1; i >= 0; i--) {
    const x = body[i]!;
    if (used.has(first + i) && "inputs" in x) for (const input of x.inputs) used.add(input);
  }
  return used;
}

/** Memory that some instructions of a nest read. */
export function readsOf(
  { lengths, body, first }: Pick<Nest, "lengths" | "body" | "first">,
  used: ReadonlySet<number>,
  { memory }: Context,
): Range[] {
  return body.flatMap((x, i) => {
    if (!used.has(first + i)) return [];
    if (x.op === "load") return [rangeOf(x.access, lengths, false)];
    return x.op === "scalar" ? [rangeOf(memory.scalar(x.index), [], false)] : [];
  });
}

/** What reduces numbers that are in memory. */
export function storedReduction(
  lengths: readonly number[],
  access: Access,
  by: Reduce["by"],
  axes: readonly number[],
  uses: Partial<Pick<Nest, "stores" | "totals">> = {},
): Nest {
  return {
    lengths,
    first: 0,
    body: [
      { op: "load", access },
      { op: "reduce", by, inputs: [0], axes },
    ],
    stores: [],
    totals: [],
    ...uses,
  };
}

/** The memory of one access by loops of these lengths. */
export function rangeOf(access: Access, lengths: readonly number[], writes: boolean): Range {
  const { buffer, offset, strides } = access;
  const last = lengths.reduce((sum, length, axis) => sum + (length - 1) * strides[axis]!, offset);
  return { buffer, begin: offset, end: lengths.includes(0) ? offset : last + 1, writes };
}

/** Row-major strides. */
export function stridesOf(lengths: readonly number[]): number[] {
  return lengths.map((_, axis) => lengths.slice(axis + 1).reduce((a, b) => a * b, 1));
}
