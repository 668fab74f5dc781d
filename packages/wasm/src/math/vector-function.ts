import type { Lanes } from "../emit/lanes.js";
import type { Code, Expr } from "../encode/code.js";

/** What vector functions need of the module around them. */
export interface Surroundings {
  /** Calls the module's function of that name, for float64 whatever the dtype. */
  readonly callDouble: (name: string, ...operands: readonly Expr[]) => Expr;
  /** The address of 32-bit words that come with the module. */
  readonly table: (words: readonly number[]) => number;
}

/** Appends the steps of a function of vectors to `code`; the result is the expression of its value. */
export type VectorFunction = (code: Code, lanes: Lanes, around: Surroundings, ...x: readonly Expr[]) => Expr;
