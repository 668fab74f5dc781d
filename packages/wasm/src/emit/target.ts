import type { Plan } from "@downhill/core/engine";
import type { Expr } from "../encode/code.js";
import { call } from "../encode/instructions.js";
import { type FunctionRef, ModuleWriter } from "../encode/module.js";
import { largeQuarterTurns, type VectorFunctionName, vectorFunctions } from "../math/index.js";
import { float64, type Lanes, lanesOf } from "./lanes.js";
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
  readonly plan: Plan;
  /** Where the numbers that a run is given, the host's values and the device's scalars begin, all float64. */
  readonly given: number;
  readonly host: number;
  readonly scalars: number;
  /** The beginning of each of the plan's buffers. */
  readonly buffers: readonly number[];
  /** The end of the memory in use. */
  end: number;
  /** What the module expects to find in memory. */
  readonly tables: { readonly address: number; readonly words: readonly number[] }[] = [];
  readonly #functions = new Map<string, FunctionRef>();

  constructor(
    plan: Plan,
    place: Pick<Target, "given" | "host" | "scalars" | "buffers" | "end">,
    { shared, relaxed }: { readonly shared: boolean; readonly relaxed: boolean },
  ) {
    this.writer = new ModuleWriter({ shared });
    this.relaxed = relaxed;
    this.plan = plan;
    this.lanes = lanesOf(plan.dtype);
    this.given = place.given;
    this.host = place.host;
    this.scalars = place.scalars;
    this.buffers = place.buffers;
    this.end = place.end;
  }

  hostAddress(index: number): number {
    return this.host + 8 * index;
  }

  scalarAddress(index: number): number {
    return this.scalars + 8 * index;
  }

  /** Takes memory that stays this program's. */
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
          code.eval(vectorFunctions[name](code, lanes, this, ...x.map(({ get }) => get)));
        },
      ),
    );
    return call(made, ...operands);
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
