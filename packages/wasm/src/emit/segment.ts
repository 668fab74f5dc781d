import { type Access, arenas, type Instruction, type LoopStep, type Segment } from "@downhill/core/engine";
import { costOfOne } from "../cost.js";
import type { Code, Expr, Local } from "../encode/code.js";
import { f32, f32x4, f64, f64x2, i32, i32x4, v128, words } from "../encode/instructions.js";
import { vectorFunctions } from "../math/index.js";
import { type Accumulator, accumulate } from "./accumulate.js";
import { asMask, asNumber, isComparison, type Speller, spell, type Value } from "./elementwise.js";
import { type Extent, extentIn, overlap } from "./extent.js";
import type { Lanes } from "./lanes.js";
import { Nest, type Placed, type Range } from "./nest.js";
import { keyBits, uniform } from "./random.js";
import type { Place } from "./spot.js";
import type { Target } from "./target.js";

/** A reduction's result, in every lane. */
export type RowValue = Placed;

/** What a segment shares with those before it. */
export interface StepValues {
  readonly instructions: readonly Instruction[];
  /** Number of the segment's first instruction. */
  readonly first: number;
  readonly results: Map<number, RowValue>;
  /** Vectors loaded once a row that later segments need again. */
  readonly loads: Map<string, Placed>;
  /** The iterations of the rows' first axis, if not all. */
  readonly range: Range | undefined;
  /** Where the thread's own memory begins, seen from the first one's. */
  readonly own: Local | undefined;
  /** What is added to addresses in a buffer, if anything is. */
  readonly base: (buffer: number) => Local | undefined;
  /** The only place of the innermost axis to be computed, if it is not all. */
  readonly place?: Place;
}

/** One vector of the innermost axis: where it is, how much of it counts, and the piece that computes it. */
export interface Copy {
  readonly number: number;
  /** In elements, from where the loop stands. */
  readonly offset: number;
  readonly lanes: number;
  readonly code: Code;
}

type PlacedValue = Value & Placed;

/** Vectors of the innermost axis are written out up to so many operations. */
const WRITTEN_OUT = 48;
/** And so many at a time in a loop of short bodies. */
const AT_A_TIME = 4;
const SHORT = 8;
/** So many numbers are added one by one before their sum goes to float64. */
export const FEW = 128;
/** Functions short enough to be written out in loops, where their constants are made once. */
const INLINE: ReadonlySet<string> = new Set(["exp", "expOfNegative", "expm1", "log", "tanh"]);

export class SegmentEmitter {
  readonly target: Target;
  readonly lanes: Lanes;
  readonly segment: Segment;
  readonly values: StepValues;
  readonly nest: Nest;
  /** Lengths of all axes, rows and inner; the last is the vector's. */
  readonly lengths: readonly number[];
  /** The vector's axis. */
  readonly axis: number;
  /** Whether each of its vectors is written out, with no loop around them. */
  readonly unrolled: boolean;
  /** Vectors written out one after another, or in one iteration of the loop. */
  readonly copies: number;
  readonly #step: LoopStep;
  readonly #rows: number;
  readonly #vectors: number;
  readonly #rest: number;
  readonly #speller: Speller;
  readonly #varying = new Map<number, boolean>();
  readonly #fixed = new Map<number, PlacedValue>();
  readonly #constants = new Map<string, Local>();
  /** Ends of blocks inside the innermost loop. */
  readonly blockEnds: ((code: Code) => void)[] = [];
  /** What the step's rows write. */
  readonly #written: readonly Extent[];
  /** Where on the innermost axis its only place is. */
  #shift: Local | undefined;

  constructor(target: Target, code: Code, step: LoopStep, segment: Segment, values: StepValues) {
    this.target = target;
    this.lanes = target.inMemory(target.lanes);
    this.segment = segment;
    this.values = values;
    this.#step = step;
    this.#rows = step.rows.length;
    // Without an inner axis, one of length 1.
    this.lengths = [...step.rows, ...(segment.inner.length > 0 ? segment.inner : [1])];
    this.axis = this.lengths.length - 1;
    this.nest = new Nest(code, this.lengths.length, values.range);
    this.#written = step.segments.flatMap(({ inner, stores }) =>
      stores.map(({ access }) => extentIn(access, [...step.rows, ...inner])),
    );
    this.#speller = {
      lanes: this.lanes,
      call: (name, ...x) => {
        const written = INLINE.has(name) && this.lengths.some((length) => length > this.lanes.count);
        if (!written) return target.callVector(name, this.lanes, ...x);
        const near = { ...this.lanes, number: (value: number) => this.constant(value) };
        return (c) => void c.eval(vectorFunctions[name](c, near, target, ...x));
      },
    };

    const length = this.lengths[this.axis]!;
    this.#vectors = Math.floor(length / this.lanes.count);
    this.#rest = length % this.lanes.count;
    const cost = costOfOne(segment);
    const all = this.#vectors + (this.#rest > 0 ? 1 : 0);
    this.unrolled = this.#vectors === 0 || all * cost <= WRITTEN_OUT;
    this.copies = this.unrolled
      ? all
      : Math.min(this.#vectors, cost <= SHORT ? AT_A_TIME : cost <= 5 * SHORT ? 2 : 1);
  }

  emit(): { nest: Nest; inner: Code } {
    if (this.values.place) this.#shift = this.#find(this.values.place);
    const accumulators = this.segment.body.flatMap((x, i) =>
      x.op === "reduce" && !this.#isAlias(x) ? [accumulate(this, x, this.values.first + i)] : [],
    );
    const { axis, nest } = this;
    const { before, after, next } = nest;
    const inner = before[0]!.piece();
    const width = this.lanes.count;
    const vector = before[0]!.piece();
    if (this.unrolled) {
      for (let number = 0; number < this.copies; number++) {
        const lanes = Math.min(width, this.lengths[axis]! - number * width);
        this.#copy({ number, offset: number * width, lanes, code: before[axis]! }, accumulators);
      }
    } else {
      const body = vector.piece();
      for (let number = 0; number < this.copies; number++) {
        this.#copy({ number, offset: number * width, lanes: width, code: body }, accumulators);
      }
      const behind = vector.piece();
      const left = this.#vectors % this.copies;
      for (let number = 0; number < left; number++) {
        this.#copy({ number, offset: number * width, lanes: width, code: behind }, accumulators);
      }
      if (this.#rest > 0) {
        this.#copy(
          { number: left % this.copies, offset: left * width, lanes: this.#rest, code: behind },
          accumulators,
        );
      }
      this.#loop(vector, body.append(next[axis]!));
      vector.append(behind);
    }
    // The loops from the rows inwards; the vector's own stands where its axis would.
    const around = this.lengths.slice(this.#rows, axis);
    nest.wrap(inner, around, this.#rows, (code) => {
      code.append(before[axis]!).append(vector).append(after[axis]!);
    });
    return { nest, inner };
  }

  /** The loop over whole vectors; where float32 sums need it, in blocks. */
  #loop(code: Code, body: Code): void {
    const times = Math.floor(this.#vectors / this.copies);
    const block = FEW;
    if (this.blockEnds.length === 0 || times <= block) {
      code.repeat(times, (c) => c.append(body));
      return;
    }
    code.inBlocks(times, block, {
      begin() {},
      body: (c) => c.append(body),
      end: (c) => {
        for (const end of this.blockEnds) end(c);
      },
    });
  }

  /** One vector: its values, what reductions take of them, its stores. */
  #copy(copy: Copy, accumulators: readonly Accumulator[]): void {
    const known = new Map<number, PlacedValue>();
    const { first } = this.values;
    this.segment.body.forEach((x, i) => {
      if (x.op !== "reduce" || this.#isAlias(x)) this.#value(first + i, copy, known);
    });
    const number = (i: number) => asNumber(this.#speller, this.#value(i, copy, known));
    for (const accumulator of accumulators) accumulator.take(copy, number(accumulator.input));
    const reduced = new Set(accumulators.map((accumulator) => accumulator.number));
    for (const { value, access } of this.segment.stores) {
      if (reduced.has(value)) continue;
      const kept = copy.code.keep("v128", this.#flushed(value, access, number(value)));
      const { address, offset, stride } = this.place(access, copy);
      this.lanes.store(copy.code, address, offset, stride, copy.lanes, kept);
    }
  }

  /** Where the copy finds an access, in bytes; the stride is that between lanes. */
  place(access: Access, copy: Copy): { address: Expr; offset: number; stride: number; depth: number } {
    const { bytes } = this.lanes;
    const strides = this.strides(access.strides).map((stride) => stride * bytes);
    const stride = strides[this.axis]!;
    const { get, depth } = this.#shifted(this.pointer(strides, this.values.base(access.buffer)), stride);
    const offset = this.target.buffers[access.buffer]! + access.offset * bytes + copy.offset * stride;
    return { address: get, offset, stride, depth };
  }

  /** The place on the axis, within it even where the number is no place of it. */
  #find({ instruction, offset, length }: Place): Local {
    const code = this.nest.before[this.axis]!;
    const { get } = this.#value(instruction, { number: 0, offset: 0, lanes: 1, code }, new Map());
    const number = f64.sub(this.lanes.first(get), f64.const(offset));
    const within = f64.max(f64.min(number, f64.const(length - 1)), f64.const(0));
    return code.keep("i32", i32.truncF64(within));
  }

  #shifted({ get, depth }: Placed, stride: number): Placed {
    if (!this.#shift || stride === 0) return { get, depth };
    return { get: i32.add(get, i32.mul(this.#shift.get, i32.const(stride))), depth: this.axis };
  }

  /** A stride for each axis, also for one that was added. */
  strides(strides: readonly number[]): readonly number[] {
    return this.lengths.map((_, axis) => strides[axis] ?? 0);
  }

  /** Moves with all loops that there are, from `start` on; one iteration of the vector's takes all its copies. */
  pointer(strides: readonly number[], start?: Local): Placed {
    const step = this.copies * this.lanes.count;
    return this.nest.pointer(
      strides.map((stride, i) => (i < this.axis ? stride : this.unrolled ? 0 : stride * step)),
      start,
    );
  }

  /** A constant in every lane, for the vector's loop from just before it. */
  constant(value: number): Expr {
    if (this.unrolled) return this.lanes.number(value);
    const key = Object.is(value, -0) ? "-0" : String(value);
    const known =
      this.#constants.get(key) ?? this.nest.before[this.axis]!.keep("v128", this.lanes.number(value));
    this.#constants.set(key, known);
    return known.get;
  }

  #keep(code: Code, get: Expr, depth: number, mask = false): PlacedValue {
    return { get: code.keep("v128", get).get, depth, mask };
  }

  #varies(i: number): boolean {
    const known = this.#varying.get(i) ?? this.#changes(this.values.instructions[i]!);
    this.#varying.set(i, known);
    return known;
  }

  /** Whether its value is another in each iteration of the vector's loop. */
  #changes(x: Instruction): boolean {
    switch (x.op) {
      case "constant":
      case "host":
      case "scalar":
        return false;
      case "reduce":
        return this.#isAlias(x) && this.#varies(x.inputs[0]);
      case "load":
        return this.strides(x.access.strides)[this.axis] !== 0;
      case "index":
      case "uniform":
        return this.strides(x.strides)[this.axis] !== 0;
      default:
        return x.inputs.some((input) => this.#varies(input));
    }
  }

  #value(i: number, copy: Copy, known: Map<number, PlacedValue>): PlacedValue {
    const result = this.values.results.get(i);
    if (result) return { ...result, mask: false };
    const varies = this.#varies(i);
    const values = varies ? known : this.#fixed;
    const made = values.get(i) ?? this.#make(this.values.instructions[i]!, copy, known, varies);
    values.set(i, made);
    // One number per row: later segments need not compute it again.
    if (this.segment.inner.length === 0 && !made.mask) this.values.results.set(i, made);
    return made;
  }

  #make(x: Instruction, copy: Copy, known: Map<number, PlacedValue>, varies: boolean): PlacedValue {
    const { lanes, target } = this;
    const looped = varies && !this.unrolled;
    /** Keeps a value as far out as it is known. */
    const put = (depth: number, get: Expr, mask = false): PlacedValue =>
      looped
        ? this.#keep(copy.code, get, this.lengths.length, mask)
        : this.#keep(this.nest.before[depth]!, get, depth, mask);
    switch (x.op) {
      case "constant":
        return { get: this.lanes.number(x.value), depth: 0, mask: false };
      case "host":
        return put(0, lanes.spread(f64.load(i32.const(0), target.hostAddress(x.index))));
      case "scalar":
        return put(0, lanes.spread(f64.load(i32.const(0), target.scalarAddress(x.index))));
      case "load": {
        const { address, offset, stride, depth } = this.place(
          x.access,
          varies ? copy : { ...copy, offset: 0 },
        );
        const load = varies
          ? lanes.load(address, offset, stride, copy.lanes)
          : lanes.loadSplat(address, offset);
        // What segments hand on through memory is there only once its row has begun.
        if (this.#isWritten(x.access)) return put(Math.max(depth, this.#rows), load);
        if (looped || depth > this.#rows) return put(depth, load);
        const key = JSON.stringify([x.access, varies && [copy.offset, copy.lanes]]);
        const value = this.values.loads.get(key) ?? put(depth, load);
        this.values.loads.set(key, value);
        return { ...value, mask: false };
      }
      case "index": {
        const { index, depth, stride } = this.#index(x.offset, x.strides, copy);
        const steps = i32x4.add(i32x4.splat(index), words(0, stride, 2 * stride, 3 * stride));
        return put(
          depth,
          lanes.dtype === "float32" ? f32x4.convertI32x4(steps) : f64x2.convertLowI32x4(steps),
        );
      }
      case "uniform": {
        const { index, depth, stride } = this.#index(x.offset, x.strides, copy);
        const key = this.#key(x.inputs[0]);
        const whole = [x.offset, ...this.strides(x.strides).slice(0, this.axis)].every(
          (part) => part % 4 === 0,
        );
        const together = whole && stride === 1 && lanes.count === 4;
        const piece = looped ? copy.code : this.nest.before[depth]!;
        const at = piece.keep("i32", index).get;
        const count = varies ? copy.lanes : 1;
        const words = uniform(target, lanes, {
          key,
          stream: x.stream,
          index: at,
          step: stride,
          count,
          together,
        });
        // A single number goes to all lanes.
        return put(depth, varies ? words : lanes.spread(lanes.first(words)));
      }
      case "reduce":
        if (this.#isAlias(x)) return this.#value(x.inputs[0], copy, known);
        throw new Error("A reduced value was used before its loops had ended.");
      default: {
        const values = x.inputs.map((input) => this.#value(input, copy, known));
        const depth = Math.max(0, ...values.map((value) => value.depth));
        const inverse = x.op === "div" ? this.#inverse(x.inputs[1]!, values[1]!, looped) : undefined;
        const operands = values.map((value, at) => {
          if (inverse && at === 1) return inverse;
          const input = this.values.instructions[x.inputs[at]!]!;
          if (looped && input.op === "constant" && x.op !== "where") return this.constant(input.value);
          const get =
            x.op === "where" && at === 0 ? asMask(this.#speller, value) : asNumber(this.#speller, value);
          return value.mask || (x.op === "where" && at === 0) ? put(depth, get).get : get;
        });
        if (inverse) return put(depth, spell(this.#speller, "mul", operands));
        if (x.op === "exp" && this.#isNegative(x.inputs[0]!))
          return put(depth, this.#speller.call("expOfNegative", ...operands));
        const bounded = this.#bounded(x, operands);
        return put(depth, bounded ?? spell(this.#speller, x.op, operands), isComparison(x.op));
      }
    }
  }

  /** A reduction over no axes is its input, unless its segment has none either. */
  #isAlias({ axes }: { readonly axes: readonly number[] }): boolean {
    return axes.length === 0 && this.segment.inner.length > 0;
  }

  #isWritten(access: Access): boolean {
    return this.#written.some((other) => overlap(other, extentIn(access, this.lengths)));
  }

  /** Whether a number is 0 or less, or NaN: less the largest of its row. */
  #isNegative(i: number): boolean {
    const { instructions } = this.values;
    const x = instructions[i]!;
    if (x.op !== "sub") return false;
    const [term, largest] = x.inputs.map((input) => instructions[input]!) as [Instruction, Instruction];
    if (largest.op !== "reduce" || largest.by !== "max") return false;
    const of = instructions[largest.inputs[0]]!;
    let first = 0;
    const maker = this.#step.segments.find(({ body }) => (first += body.length) > x.inputs[1]!)!;
    if (String(maker.inner) !== String(this.segment.inner)) return false;
    return of.op === "load" && !this.#isWritten(of.access) && JSON.stringify(of) === JSON.stringify(term);
  }

  /** In float32, dividing by one number for all is multiplying by its inverse, known to float64. */
  #inverse(i: number, { get, depth }: Placed, looped: boolean): Expr | undefined {
    const x = this.values.instructions[i]!;
    if (this.lanes.dtype === "float64") return undefined;
    if (this.values.results.has(i)) {
      return this.nest.before[depth]!.keep("v128", this.lanes.arithmetic.div(this.lanes.number(1), get)).get;
    }
    if (x.op === "constant") return looped ? this.constant(1 / x.value) : this.lanes.number(1 / x.value);
    if (x.op !== "host" && x.op !== "scalar") return undefined;
    const address = x.op === "host" ? this.target.hostAddress(x.index) : this.target.scalarAddress(x.index);
    const inverse = f64.div(f64.const(1), f64.load(i32.const(0), address));
    return this.nest.before[0]!.keep("v128", this.lanes.spread(inverse)).get;
  }

  /** Against a constant, a comparison and a choice do: of its operands, the one that may be NaN comes first. */
  #bounded(x: { op: string; inputs: readonly number[] }, operands: readonly Expr[]): Expr | undefined {
    if (x.op !== "minimum" && x.op !== "maximum") return undefined;
    const choose = x.op === "minimum" ? this.lanes.arithmetic.pmin : this.lanes.arithmetic.pmax;
    const constants = x.inputs.map((input) => {
      const instruction = this.values.instructions[input]!;
      return instruction.op === "constant" && !Number.isNaN(instruction.value);
    });
    if (constants[1]) return choose(operands[0]!, operands[1]!);
    return constants[0] ? choose(operands[1]!, operands[0]!) : undefined;
  }

  #index(
    offset: number,
    strides: readonly number[],
    copy: Copy,
  ): { index: Expr; depth: number; stride: number } {
    const all = this.strides(strides);
    const stride = all[this.axis]!;
    const { get, depth } = this.#shifted(this.pointer(all), stride);
    return { index: i32.add(get, i32.const(offset + copy.offset * stride)), depth, stride };
  }

  /** A key's 64 bits, which a vector could not hold. */
  #key(i: number): Expr {
    const x = this.values.instructions[i]!;
    const zero = i32.const(0);
    const value =
      x.op === "host"
        ? f64.load(zero, this.target.hostAddress(x.index))
        : x.op === "scalar"
          ? f64.load(zero, this.target.scalarAddress(x.index))
          : x.op === "constant"
            ? f64.const(x.value)
            : undefined;
    if (!value) throw new Error("The key of random numbers must be one number for the whole tensor.");
    return this.nest.before[0]!.keep("i64", keyBits(value)).get;
  }

  /**
   * State that is updated in place never stays subnormal: a moment that decays towards 0 would take many times as long
   * there for ever. Parameters do not decay that far. NaN stays.
   */
  #flushed(value: number, access: Access, get: Expr): Expr {
    const { instructions } = this.values;
    const buffer = this.target.plan.buffers[access.buffer];
    if (buffer?.kind === "arena" && buffer.name === arenas.parameter) return get;
    const here = JSON.stringify(access);
    const updates = this.segment.body.some((x) => x.op === "load" && JSON.stringify(x.access) === here);
    if (!updates || instructions[value]!.op === "load") return get;
    // The bits of Infinity are those of the exponent: subnormal numbers have none, and 0 neither.
    const exponent = v128.and(get, this.constant(Infinity));
    return v128.and(get, this.lanes.arithmetic.gt(exponent, this.constant(0)));
  }

  /** Stores a float64 as one number. */
  storeOne(code: Code, address: Expr, offset: number, value: Expr): void {
    const single = this.lanes.bytes === 4;
    code.eval(single ? f32.store(address, offset, f32.demoteF64(value)) : f64.store(address, offset, value));
  }
}
