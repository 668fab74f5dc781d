import type { Code, Expr, Local } from "../encode/code.js";
import { clear, f64, f64x2, i32, v128 } from "../encode/instructions.js";
import {
  across,
  acrossTotal,
  addBlock,
  type By,
  fold,
  foldScalars,
  identity,
  masked,
  narrow,
  type Reduce,
  widen,
} from "./folds.js";
import { float64 } from "./lanes.js";
import { forEachIndex } from "./nest.js";
import { BLOCK, type Copy, type SegmentEmitter } from "./segment.js";

/** A reduction under way: takes the value of each copy; sets up and ends itself in the loops' pieces. */
export interface Accumulator {
  /** The reduction's number, and its input's. */
  readonly number: number;
  readonly input: number;
  take(copy: Copy, value: Expr): void;
}

/** So many float32 may be added one by one. */
const FEW = 128;

export function accumulate(segment: SegmentEmitter, reduce: Reduce, number: number): Accumulator {
  const { axis, lengths } = segment;
  const axes = segment.segment.inner.length === 0 ? [...reduce.axes, axis] : reduce.axes;
  const first = Math.min(...axes);
  const kept = lengths.map((_, i) => i).filter((i) => i > first && !axes.includes(i));
  if (!axes.includes(axis)) return alongRows(segment, reduce, number, { first, kept });
  return alongVector(segment, reduce, number, { axes, first, kept });
}

/** Stores of a reduction's result, and the device scalars it goes to. */
function uses({ segment }: SegmentEmitter, number: number) {
  return {
    stores: segment.stores.filter(({ value }) => value === number),
    totals: segment.totals.filter(({ value }) => value === number),
  };
}

/** Over the vector's axis: lanes are summed apart, blocks in the vector's dtype, blocks of blocks in float64. */
function alongVector(
  segment: SegmentEmitter,
  { by, inputs }: Reduce,
  number: number,
  { axes, first, kept }: { axes: readonly number[]; first: number; kept: readonly number[] },
): Accumulator {
  const { axis, lanes, lengths, nest, unrolled, copies } = segment;
  const { before, after } = nest;
  // The axes from `start` on are all reduced.
  let start = axis;
  while (start > 0 && axes.includes(start - 1)) start--;
  let blockStart = axis;
  let size = lengths[axis]!;
  while (by === "sum" && blockStart > start && size * lengths[blockStart - 1]! <= BLOCK) size *= lengths[--blockStart]!;
  if (by !== "sum") blockStart = start;

  const neutral = segment.constant(identity[by]).get;
  const parts = Array.from({ length: Math.min(4, Math.max(1, copies)) }, () =>
    before[blockStart]!.keep("v128", neutral),
  );
  const whole = (): Expr => parts.map(({ get }) => get).reduce((a, b) => fold(lanes, by, a, b));
  let result: Expr;
  if (by === "sum") {
    const total = before[start]!.keep("v128", float64.number(0));
    const end = (code: Code) => addBlock(code, lanes, total, whole());
    if (blockStart === axis && !unrolled) {
      segment.blockEnds.push((code) => {
        end(code);
        for (const part of parts) code.set(part, neutral);
      });
    }
    end(after[blockStart]!);
    result = acrossTotal(after[start]!, total);
  } else {
    result = across(after[start]!, lanes, by, after[start]!.keep("v128", whole()));
  }

  if (kept.length === 0) {
    const total = after[start]!.keep("f64", result).get;
    const splat = after[start]!.keep("v128", lanes.spread(total)).get;
    give(segment, number, total, start);
    segment.values.results.set(number, { total, splat, depth: start });
  } else {
    const memory = new Memory(segment, by, kept, 8);
    memory.clear(before[first]!);
    const { get } = nest.pointer(memory.strides);
    const address = after[start]!.keep("i32", get).get;
    const sum = foldScalars(by, f64.load(address, memory.base), result);
    after[start]!.eval(f64.store(address, memory.base, sum));
    memory.unload(after[first]!, first, uses(segment, number).stores, (code, from, to, offset) =>
      segment.storeOne(code, to, offset, f64.load(from, memory.base)),
    );
  }
  return {
    number,
    input: inputs[0],
    take({ number: at, lanes: count, code }, value) {
      const part = parts[at % parts.length]!;
      code.set(part, fold(lanes, by, part.get, masked(lanes, by, count, value)));
    },
  };
}

/** Stores a single result, and gives it to device scalars. */
function give(segment: SegmentEmitter, number: number, total: Expr, depth: number): void {
  const { stores, totals } = uses(segment, number);
  const { bytes } = segment.lanes;
  const code = segment.nest.after[depth]!;
  for (const { access } of stores) {
    const { get } = segment.nest.pointer(segment.strides(access.strides).map((stride) => stride * bytes));
    segment.storeOne(code, get, segment.target.buffers[access.buffer]! + access.offset * bytes, total);
  }
  for (const { scalar, add } of totals) {
    const address = segment.target.scalarAddress(scalar);
    const value = add ? f64.add(f64.load(i32.const(0), address), total) : total;
    code.eval(f64.store(i32.const(0), address, value));
  }
}

/** Over other axes than the vector's: a vector of results for each vector. */
function alongRows(
  segment: SegmentEmitter,
  { by, axes, inputs }: Reduce,
  number: number,
  { first, kept }: { first: number; kept: readonly number[] },
): Accumulator {
  const { axis, lanes, lengths, nest, unrolled } = segment;
  const { before, after } = nest;
  const terms = axes.reduce((product, i) => product * lengths[i]!, 1);
  const wide = by === "sum" && lanes.dtype === "float32" && terms > FEW;
  const { stores } = uses(segment, number);

  if (unrolled && kept.length === 1) {
    return {
      number,
      input: inputs[0],
      take(copy, value) {
        const start = wide ? float64.number(0) : segment.constant(identity[by]).get;
        const parts = (wide ? [0, 1] : [0]).map(() => before[first]!.keep("v128", start));
        const added = take(copy.code, segment, by, wide, parts.map(({ get }) => get), value);
        parts.forEach((part, i) => void copy.code.set(part, added[i]!));
        const [low, high] = parts.map(({ get }) => get);
        const vector = after[first]!.keep("v128", high ? narrow(low!, high) : low!);
        for (const { access } of stores) {
          const { address, offset, stride } = segment.place(access, copy);
          lanes.store(after[first]!, address, offset, stride, copy.lanes, vector);
        }
      },
    };
  }

  const memory = new Memory(segment, by, kept, wide ? 8 : lanes.bytes);
  memory.clear(before[first]!);
  const load = (address: Expr, offset: number) => v128.load(address, memory.base + offset);
  const halves = wide ? [0, 16] : [0];
  memory.unloadRows(after[first]!, first, stores, (code, from, to, offset, stride, count) => {
    const [low, high] = halves.map((half) => load(from, half));
    lanes.store(code, to, offset, stride, count, code.keep("v128", high ? narrow(low!, high) : low!));
  });
  return {
    number,
    input: inputs[0],
    take(copy, value) {
      const { get } = segment.pointer(memory.strides);
      const offset = copy.offset * memory.strides[axis]!;
      const old = halves.map((half) => load(get, offset + half));
      const added = take(copy.code, segment, by, wide, old, value);
      halves.forEach((half, i) => void copy.code.eval(v128.store(get, memory.base + offset + half, added[i]!)));
    },
  };
}

/** What accumulators become with a value taken in. */
function take(code: Code, { lanes }: SegmentEmitter, by: By, wide: boolean, old: readonly Expr[], value: Expr): Expr[] {
  if (!wide) return [fold(lanes, by, old[0]!, value)];
  const kept = code.keep("v128", value).get;
  return widen(kept).map((half, i) => f64x2.add(old[i]!, half));
}

/** Accumulators in memory: one for each index of the kept axes, rows of the vector's axis made whole vectors. */
class Memory {
  readonly base: number;
  /** In bytes, for all axes of the segment. */
  readonly strides: readonly number[];
  readonly #segment: SegmentEmitter;
  readonly #by: By;
  readonly #kept: readonly number[];
  readonly #bytes: number;
  readonly #size: number;

  constructor(segment: SegmentEmitter, by: By, kept: readonly number[], bytes: number) {
    const { axis, lanes, lengths } = segment;
    const strides = lengths.map(() => 0);
    let size = bytes;
    for (const i of [...kept].reverse()) {
      strides[i] = size;
      size *= i === axis ? Math.ceil(lengths[i]! / lanes.count) * lanes.count : lengths[i]!;
    }
    this.base = segment.target.reserve(size);
    this.strides = strides;
    this.#segment = segment;
    this.#by = by;
    this.#kept = kept;
    this.#bytes = bytes;
    this.#size = size;
  }

  clear(code: Code): void {
    if (this.#by === "sum") return clear(i32.const(this.base), i32.const(this.#size))(code);
    const { lanes } = this.#segment;
    const number = this.#bytes === lanes.bytes ? lanes.number : float64.number;
    const at = code.keep("i32", i32.const(0));
    // One vector more than needed never leaves what was reserved: that ends at a whole line.
    code.repeat(Math.ceil(this.#size / 16), () => {
      code.eval(v128.store(at.get, this.base, number(identity[this.#by])));
      code.set(at, i32.add(at.get, i32.const(16)));
    });
  }

  /** Visits each accumulator with the address it goes to. */
  unload(
    code: Code,
    first: number,
    stores: SegmentEmitter["segment"]["stores"],
    visit: (code: Code, from: Expr, to: Expr, offset: number) => void,
  ): void {
    const { lanes, lengths, nest, target } = this.#segment;
    for (const { access } of stores) {
      const strides = this.#segment.strides(access.strides).map((stride) => stride * lanes.bytes);
      const start = nest.pointer(strides.slice(0, first)).get;
      const kept = <T>(list: readonly T[]) => this.#kept.map((i) => list[i]!);
      const pointers = [
        { start: i32.const(0), strides: kept(this.strides) },
        { start, strides: kept(strides) },
      ];
      const offset = target.buffers[access.buffer]! + access.offset * lanes.bytes;
      forEachIndex(code, kept(lengths), pointers, (c, [from, to]) => visit(c, from!, to!, offset));
    }
  }

  /** The same by vectors of the last axis. */
  unloadRows(
    code: Code,
    first: number,
    stores: SegmentEmitter["segment"]["stores"],
    visit: (code: Code, from: Expr, to: Expr, offset: number, stride: number, count: number) => void,
  ): void {
    const { axis, lanes, lengths, nest, target } = this.#segment;
    const outer = this.#kept.filter((i) => i !== axis);
    for (const { access } of stores) {
      const strides = this.#segment.strides(access.strides).map((stride) => stride * lanes.bytes);
      const start = nest.pointer(strides.slice(0, first)).get;
      const of = <T>(list: readonly T[]) => outer.map((i) => list[i]!);
      const pointers = [
        { start: i32.const(0), strides: of(this.strides) },
        { start, strides: of(strides) },
      ];
      const offset = target.buffers[access.buffer]! + access.offset * lanes.bytes;
      const stride = strides[axis]!;
      const length = lengths[axis]!;
      forEachIndex(code, of(lengths), pointers, (c, at) => {
        const [from, to] = at.map((pointer) => c.keep("i32", pointer));
        const vectors = Math.floor(length / lanes.count);
        if (vectors > 0) {
          c.repeat(vectors, () => {
            visit(c, from!.get, to!.get, offset, stride, lanes.count);
            c.set(from!, i32.add(from!.get, i32.const(this.#bytes * lanes.count)));
            c.set(to!, i32.add(to!.get, i32.const(stride * lanes.count)));
          });
        }
        const rest = length % lanes.count;
        if (rest > 0) visit(c, from!.get, to!.get, offset, stride, rest);
      });
    }
  }
}
