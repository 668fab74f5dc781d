import type { Code, Expr } from "../encode/code.js";
import { clear, f64, f64x2, i32, v128 } from "../encode/instructions.js";
import {
  across,
  acrossTotal,
  addBlock,
  type By,
  firstEverywhere,
  firstWidened,
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
import { type Copy, FEW, type SegmentEmitter } from "./segment.js";

/** A reduction under way: takes the value of each copy; sets up and ends itself in the loops' pieces. */
export interface Accumulator {
  /** The reduction's number, and its input's. */
  readonly number: number;
  readonly input: number;
  take(copy: Copy, value: Expr): void;
}

export function accumulate(segment: SegmentEmitter, reduce: Reduce, number: number): Accumulator {
  const { axis, lengths } = segment;
  const axes = segment.segment.inner.length === 0 ? [...reduce.axes, axis] : reduce.axes;
  const first = Math.min(...axes);
  const kept = lengths.map((_, i) => i).filter((i) => i > first && !axes.includes(i));
  if (!axes.includes(axis)) return alongRows(segment, reduce, number, { first, kept });
  return alongVector(segment, reduce, number, { axes, first, kept });
}

const isChoice = (by: By): by is "max" | "min" => by === "max" || by === "min";

/** Stores of a reduction's result, and the device scalars it goes to. */
function uses({ segment }: SegmentEmitter, number: number) {
  return {
    stores: segment.stores.filter(({ value }) => value === number),
    totals: segment.totals.filter(({ value }) => value === number),
  };
}

/** Over the vector's axis: lanes are folded apart; sums of few numbers in the vector's dtype, those sums in float64. */
function alongVector(
  segment: SegmentEmitter,
  { by, inputs }: Reduce,
  number: number,
  { axes, first, kept }: { axes: readonly number[]; first: number; kept: readonly number[] },
): Accumulator {
  const { axis, lanes, lengths, nest, unrolled, copies } = segment;
  const { before, after } = nest;
  /** Without loops of its own a segment has one number, in the first lane. */
  const single = segment.segment.inner.length === 0;
  // The axes from `start` on are all reduced.
  let start = axis;
  while (start > 0 && axes.includes(start - 1)) start--;
  const width = Math.min(4, Math.max(1, copies));
  let block = axis;
  let added = Math.ceil(lengths[axis]! / (lanes.count * width));
  while (block > start && (by !== "sum" || added * lengths[block - 1]! <= FEW)) added *= lengths[--block]!;
  const rounds = block > start ? Math.floor(FEW / Math.max(1, added)) : 0;
  // Where sums of several iterations make a block, the block is one of their loop's.
  const around = rounds > 1 ? nest.blocks(--block, rounds) : undefined;

  const neutral = lanes.number(identity[by]);
  const parts = Array.from({ length: width }, () => (around?.begin ?? before[block]!).keep("v128", neutral));
  /** In long loops the largest is found by comparison alone, which NaN escapes: lanes that had one are noted. */
  const nan = isChoice(by) && !unrolled ? before[block]!.keep("v128", lanes.number(0)) : undefined;
  const whole = (): Expr => {
    const [one, ...others] = parts.map(({ get }) => get) as [Expr, ...Expr[]];
    return others.reduce((a, b) => fold(lanes, by, a, b), nan ? v128.or(one, nan.get) : one);
  };
  const inBlocks = by === "sum" && (block > start || rounds > 1 || (!unrolled && added > FEW));
  /** The result in every lane, and in float64. */
  let splat: Expr;
  let total: Expr;
  if (inBlocks) {
    const sum = before[start]!.keep("v128", float64.number(0));
    // A single number counts in its first lane: where it came from a row's sum, the others have it too.
    const add = (code: Code) =>
      single
        ? void code.set(sum, f64x2.add(sum.get, firstWidened(lanes, whole())))
        : addBlock(code, lanes, sum, whole());
    if (!around && !unrolled && added > FEW) {
      segment.blockEnds.push((code) => {
        add(code);
        for (const part of parts) code.set(part, neutral);
      });
    }
    add(around?.end ?? after[block]!);
    const one = single ? float64.first(sum.get) : acrossTotal(after[start]!, sum);
    total = after[start]!.keep("f64", one).get;
    splat = lanes.spread(total);
  } else {
    splat = single
      ? firstEverywhere(after[start]!, lanes, whole())
      : across(after[start]!, lanes, by, whole());
    total = splat;
  }
  const result = after[start]!.keep("v128", splat).get;
  if (!inBlocks) total = lanes.first(result);

  if (kept.length === 0) {
    give(segment, number, total, start);
    segment.values.results.set(number, { get: result, depth: start });
  } else {
    const memory = new Memory(segment, by, kept, 8);
    memory.clear(before[first]!);
    const { get } = nest.pointer(memory.strides, segment.values.own);
    const address = after[start]!.keep("i32", get).get;
    const folded = foldScalars(by, f64.load(address, memory.base), total);
    after[start]!.eval(f64.store(address, memory.base, folded));
    memory.unload(after[first]!, first, uses(segment, number).stores, (code, from, to, offset) =>
      segment.storeOne(code, to, offset, f64.load(from, memory.base)),
    );
  }
  // Parts that begin just before they are written need no beginning.
  const fresh = new Set(unrolled && block === axis ? parts : []);
  return {
    number,
    input: inputs[0],
    take({ number: at, lanes: count, code }, value) {
      const part = parts[at % parts.length]!;
      const taken = single ? value : masked(lanes, by, count, value);
      if (nan && isChoice(by)) {
        const kept = code.keep("v128", taken).get;
        code.set(nan, v128.or(nan.get, lanes.arithmetic.ne(kept, kept)));
        code.set(part, lanes.arithmetic[`p${by}`](part.get, kept));
      } else code.set(part, fresh.delete(part) ? taken : fold(lanes, by, part.get, taken));
    },
  };
}

/** Stores a single result, and gives it to device scalars. */
function give(segment: SegmentEmitter, number: number, total: Expr, depth: number): void {
  const { stores, totals } = uses(segment, number);
  const { bytes } = segment.lanes;
  const code = segment.nest.after[depth]!;
  for (const { access } of stores) {
    const strides = segment.strides(access.strides).map((stride) => stride * bytes);
    const { get } = segment.nest.pointer(strides, segment.values.base(access.buffer));
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
    const perRound = terms / lengths[first]!;
    const inRounds = wide && perRound * 2 <= FEW;
    return {
      number,
      input: inputs[0],
      take(copy, value) {
        const { code } = copy;
        const [zero, neutral] = [float64.number(0), lanes.number(identity[by])];
        const sums = (wide ? [0, 1] : []).map(() => before[first]!.keep("v128", zero));
        const around = inRounds ? nest.blocks(first, Math.floor(FEW / perRound)) : undefined;
        const part = (around?.begin ?? before[first]!).keep("v128", neutral);
        const widenInto = (c: Code) =>
          widen(part.get).forEach((half, i) => void c.set(sums[i]!, f64x2.add(sums[i]!.get, half)));
        if (wide && !inRounds) {
          code.set(part, value);
          widenInto(code);
        } else code.set(part, fold(lanes, by, part.get, value));
        if (around) widenInto(around.end);
        const [low, high] = sums.map(({ get }) => get);
        const vector = high ? after[first]!.keep("v128", narrow(low!, high)) : part;
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
      const { get } = segment.pointer(memory.strides, segment.values.own);
      const offset = copy.offset * memory.strides[axis]!;
      const old = halves.map((half) => load(get, offset + half));
      const added = take(copy.code, segment, by, wide, old, value);
      halves.forEach(
        (half, i) => void copy.code.eval(v128.store(get, memory.base + offset + half, added[i]!)),
      );
    },
  };
}

/** What accumulators become with a value taken in. */
function take(
  code: Code,
  { lanes }: SegmentEmitter,
  by: By,
  wide: boolean,
  old: readonly Expr[],
  value: Expr,
): Expr[] {
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
    const start = this.#start;
    if (this.#by === "sum") return clear(i32.add(start, i32.const(this.base)), i32.const(this.#size))(code);
    const { lanes } = this.#segment;
    const number = this.#bytes === lanes.bytes ? lanes.number : float64.number;
    const at = code.keep("i32", start);
    // One vector more than needed never leaves what was reserved: that ends at a whole line.
    code.repeat(Math.ceil(this.#size / 16), () => {
      code.eval(v128.store(at.get, this.base, number(identity[this.#by])));
      code.set(at, i32.add(at.get, i32.const(16)));
    });
  }

  get #start(): Expr {
    return this.#segment.values.own?.get ?? i32.const(0);
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
      const start = nest.pointer(strides.slice(0, first), this.#segment.values.base(access.buffer)).get;
      const kept = <T>(list: readonly T[]) => this.#kept.map((i) => list[i]!);
      const pointers = [
        { start: this.#start, strides: kept(this.strides) },
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
      const start = nest.pointer(strides.slice(0, first), this.#segment.values.base(access.buffer)).get;
      const of = <T>(list: readonly T[]) => outer.map((i) => list[i]!);
      const pointers = [
        { start: this.#start, strides: of(this.strides) },
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
