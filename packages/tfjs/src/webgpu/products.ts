import { sizeOf } from "@downhill/core";
import { type Access, type LoopStep, mapAccesses, type Step } from "@downhill/core/engine";
import { type Memory, rangesOf } from "./memory.js";
import { stridesOf } from "./nest.js";

/**
 * tfjs multiplies tensors, which are whole buffers: operands and results that lie in the workspace get buffers of their
 * own, and an operand that is neither contiguous nor transposed is copied first.
 */
export function separateOperands(steps: readonly Step[], memory: Memory): Step[] {
  return ownBuffers(steps, memory).flatMap((step): Step[] => {
    if (step.kind !== "matmul") return [step];
    const { batch, m, n, k } = step;
    if (sizeOf(batch) * m * n === 0) return [];
    if (k === 0) return [{ kind: "fill", value: 0, count: sizeOf(batch) * m * n, access: step.out }];
    const copies: Step[] = [];
    const operand = (access: Access, rows: number, columns: number): Access => {
      const isWhole = access.buffer !== memory.workspace && access.offset === 0;
      if (isWhole && isTransposed(access, batch, rows, columns) !== undefined) return access;
      const shape = [...batch, rows, columns];
      const copied = { buffer: memory.own(sizeOf(shape)), offset: 0, strides: stridesOf(shape) };
      copies.push(copyStep(access, copied, shape));
      return copied;
    };
    const [a, b] = [operand(step.a, m, k), operand(step.b, k, n)];
    return [...copies, { ...step, a, b }];
  });
}

/** Whether the matrices of an operand lie transposed; undefined where they lie neither so nor as they are. */
export function isTransposed(
  { strides }: Access,
  batch: readonly number[],
  rows: number,
  columns: number,
): boolean | undefined {
  const [row, column] = strides.slice(-2) as [number, number];
  const stacked = batch.every(
    (length, axis) => length === 1 || strides[axis] === rows * columns * sizeOf(batch.slice(axis + 1)),
  );
  const single = strides.slice(0, -2).every((stride, axis) => stride === 0 || batch[axis] === 1);
  if (!stacked && !single) return undefined;
  if ((column === 1 || columns === 1) && (row === columns || rows === 1)) return false;
  return (row === 1 || rows === 1) && (column === rows || columns === 1) ? true : undefined;
}

/** Whether one matrix serves the whole batch. */
export function isSingle({ strides }: Access): boolean {
  return strides.slice(0, -2).every((stride) => stride === 0);
}

function copyStep(from: Access, to: Access, shape: readonly number[]): LoopStep {
  const stores = [{ value: 0, access: to }];
  return {
    kind: "loops",
    rows: [],
    segments: [{ inner: shape, body: [{ op: "load", access: from }], stores, totals: [] }],
  };
}

/** A value in the workspace, from its first write to the next write of another over it. */
interface Value {
  readonly begin: number;
  readonly end: number;
  /** Which of the steps' accesses, counted through all of them, are to it. */
  readonly touches: number[];
  read: boolean;
  /** Whether some product reads or writes it, and whether that and all others stay within it. */
  operand: boolean;
  apart: boolean;
}

/** Moves each value that a product takes or gives, and that no access mixes with its neighbours, to a buffer of its own. */
function ownBuffers(steps: readonly Step[], memory: Memory): Step[] {
  const values: Value[] = [];
  let live: Value[] = [];
  let touch = 0;
  for (const step of steps) {
    const ranges = rangesOf(step);
    const product = step.kind === "matmul";
    for (const [at, { buffer, begin, end, writes }] of ranges.entries()) {
      if (buffer !== memory.workspace || begin === end) continue;
      if (!writes) {
        for (const value of live.filter((x) => begin < x.end && x.begin < end)) {
          value.read = true;
          value.operand ||= product;
          if (value.begin <= begin && end <= value.end) value.touches.push(touch + at);
          else value.apart = false;
        }
        continue;
      }
      const within = live.find((x) => !x.read && x.begin <= begin && end <= x.end);
      if (within) {
        within.touches.push(touch + at);
        continue;
      }
      const value = { begin, end, touches: [touch + at], read: false, operand: product, apart: true };
      live = [...live.filter((x) => x.end <= begin || end <= x.begin), value];
      values.push(value);
    }
    touch += ranges.length;
  }
  const moved = new Map<number, { buffer: number; begin: number }>();
  for (const { begin, end, touches, operand, apart } of values) {
    if (!operand || !apart) continue;
    const buffer = memory.own(end - begin);
    for (const at of touches) moved.set(at, { buffer, begin });
  }
  touch = 0;
  return steps.map((step) =>
    mapAccesses(step, (access) => {
      const to = moved.get(touch++);
      return to ? { ...access, buffer: to.buffer, offset: access.offset - to.begin } : access;
    }),
  );
}
