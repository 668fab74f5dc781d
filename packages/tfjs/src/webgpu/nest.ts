import type { Access, Instruction, Segment } from "@downhill/core/engine";
import type { Context } from "./emit.js";
import { rangesOf } from "./memory.js";
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
  { lengths, body, first }: Nest,
  used: ReadonlySet<number>,
  context: Context,
): Range[] {
  const part = body.filter((_, i) => used.has(first + i));
  return [
    ...rangesOf({
      kind: "loops",
      rows: [],
      segments: [{ inner: lengths, body: part, stores: [], totals: [] }],
    }),
    ...scalarsOf(part, context),
  ];
}

/** Device scalars that instructions read. */
export function scalarsOf(body: readonly Instruction[], { memory }: Context): Range[] {
  return body.flatMap((x) => (x.op === "scalar" ? [rangeOf(memory.scalar(x.index), [], false)] : []));
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
