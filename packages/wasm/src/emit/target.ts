import type { Code, Expr, Local } from "../encode/code.js";
import { call, globalGet, i32, v128 } from "../encode/instructions.js";
import { type FunctionRef, ModuleWriter } from "../encode/module.js";
import {
  largeQuarterTurns,
  REMEMBERED,
  rememberingPow,
  type VectorFunctionName,
  vectorFunctions,
} from "../math/index.js";
import type { SplitPlan } from "../threads/split-plan.js";
import { float64, type Lanes, lanesOf } from "./lanes.js";
import { type NumbersRead, numbersRead } from "./numbers.js";
import { philox } from "./random.js";

/** Bytes that no value shares with another, so that vectors are aligned: a cache line. */
export const LINE = 64;
export const aligned = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/** Where a program's parts lie in memory, and the functions its steps share. */
export class Target {
  readonly writer: ModuleWriter;
  readonly lanes: Lanes;
  /** Whether products may be fused with their sums, whose bits then depend on the machine. */
  readonly relaxed: boolean;
  readonly plan: SplitPlan;
  readonly read: NumbersRead;
  /** Whether threads share the memory. */
  readonly shared: boolean;
  /** The first of the program's numbers of jobs, which no other program of the memory has. */
  readonly firstJob: number;
  /** Where the numbers that a run is given, the host's values and the device's scalars begin, all float64. */
  readonly given: number;
  readonly host: number;
  readonly scalars: number;
  /** The beginning of each of the plan's buffers. */
  readonly buffers: readonly number[];
  /** Of buffers that begin elsewhere in each run, where the address lies that is added: `buffers` has 0 for them. */
  readonly moving: ReadonlyMap<number, number>;
  /** The end of the memory in use. */
  end: number;
  /** What the module expects to find in memory. */
  readonly tables: { readonly address: number; readonly words: readonly number[] }[] = [];
  readonly #functions = new Map<string, FunctionRef>();
  readonly #vectors = {
    float32: new Map<number | "-0", number>(),
    float64: new Map<number | "-0", number>(),
  };
  #line = 0;

  constructor(
    plan: SplitPlan,
    place: Pick<Target, "given" | "host" | "scalars" | "buffers" | "end"> & Partial<Pick<Target, "moving">>,
    { shared, relaxed, firstJob }: Pick<Target, "shared" | "relaxed" | "firstJob">,
  ) {
    this.writer = new ModuleWriter({ shared });
    this.shared = shared;
    this.firstJob = firstJob;
    this.relaxed = relaxed;
    this.plan = plan;
    this.read = numbersRead(plan.jobs);
    this.lanes = lanesOf(plan.dtype);
    this.given = place.given;
    this.host = place.host;
    this.scalars = place.scalars;
    this.buffers = place.buffers;
    this.moving = place.moving ?? new Map();
    this.end = place.end;
  }

  hostAddress(index: number): number {
    return this.host + 8 * index;
  }

  scalarAddress(index: number): number {
    return this.scalars + 8 * index;
  }

  /**
   * How far the memory of the thread that runs is from the first one's: what `reserve` takes, each thread has. Undefined
   * where there is but one.
   */
  keepOwn(code: Code): Local | undefined {
    return this.shared ? code.keep("i32", globalGet(0)) : undefined;
  }

  /** What is added to addresses in a buffer that moves. */
  keepBase(code: Code, buffer: number): Local | undefined {
    const address = this.moving.get(buffer);
    return address === undefined ? undefined : code.keep("i32", i32.load(i32.const(0), address));
  }

  /** Takes memory that stays this program's, at the same place in each thread's own. */
  reserve(bytes: number): number {
    const address = this.end;
    this.end += aligned(bytes);
    return address;
  }

  /** A vector function of the module, added when it is first used. */
  callVector(name: VectorFunctionName, lanes: Lanes, ...operands: readonly Expr[]): Expr {
    const made = this.#once(`${name} ${lanes.dtype}`, () =>
      this.writer.func(
        operands.map(() => "v128"),
        ["v128"],
        (code, ...x) => {
          code.eval(vectorFunctions[name](code, this.inMemory(lanes), this, ...x.map(({ get }) => get)));
        },
      ),
    );
    return call(made, ...operands);
  }

  /** Powers in float64 that remember the base's logarithm from run to run: for few calls, each with memory of its own. */
  callRememberingPow(x: Expr, y: Expr): Expr {
    const made = this.#once("rememberingPow", () =>
      this.writer.func(["v128", "v128", "i32"], ["v128"], (code, ...given) => {
        const [base, exponent, at] = given.map(({ get }) => get) as [Expr, Expr, Expr];
        code.eval(rememberingPow(code, this.inMemory(float64), this, base, exponent, at));
      }),
    );
    return call(made, x, y, i32.const(this.table(Array(REMEMBERED / 4).fill(0))));
  }

  readonly callDouble = (name: string, ...operands: readonly Expr[]): Expr => {
    if (name !== "largeQuarterTurns")
      return this.callVector(name as VectorFunctionName, float64, ...operands);
    return call(
      this.#once(name, () => largeQuarterTurns(this.writer, this)),
      ...operands,
    );
  };

  readonly table = (words: readonly number[]): number => {
    const address = this.reserve(4 * words.length);
    this.tables.push({ address, words });
    return address;
  };

  /**
   * The lanes with numbers that lie in memory. V8 takes constants out of all loops, to the beginning of the function,
   * where a few dozen of them leave no registers to what the loops compute.
   */
  inMemory(lanes: Lanes): Lanes {
    return { ...lanes, number: (value) => v128.load(i32.const(0), this.#addressOf(value, lanes)) };
  }

  #addressOf(value: number, { dtype, count }: Lanes): number {
    const vectors = this.#vectors[dtype];
    // To a map -0 is 0.
    const key = Object.is(value, -0) ? "-0" : value;
    const known = vectors.get(key);
    if (known !== undefined) return known;
    // Vectors share lines.
    const within = (16 * (this.#vectors.float32.size + this.#vectors.float64.size)) % LINE;
    if (within === 0) this.#line = this.reserve(LINE);
    const numbers = new (dtype === "float32" ? Float32Array : Float64Array)(count).fill(value);
    this.tables.push({ address: this.#line + within, words: [...new Uint32Array(numbers.buffer)] });
    vectors.set(key, this.#line + within);
    return this.#line + within;
  }

  /** Four random words: of a 64-bit key, a block's number and a stream. */
  callPhilox(key: Expr, block: Expr, stream: Expr): Expr {
    return call(
      this.#once("philox", () => philox(this.writer)),
      key,
      block,
      stream,
    );
  }

  #once(key: string, make: () => FunctionRef): FunctionRef {
    const made = this.#functions.get(key) ?? make();
    this.#functions.set(key, made);
    return made;
  }
}
