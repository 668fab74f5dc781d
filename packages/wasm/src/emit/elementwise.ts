import type { ElementwisePrimitive } from "@downhill/core/engine";
import type { Expr } from "../encode/code.js";
import { v128 } from "../encode/instructions.js";
import type { VectorFunctionName } from "../math/index.js";
import type { Lanes } from "./lanes.js";

/** What spelling a primitive needs: the vector, and calls of the module's functions. */
export interface Speller {
  readonly lanes: Lanes;
  readonly call: (name: VectorFunctionName, ...operands: readonly Expr[]) => Expr;
}

/** Comparisons are masks: ones in all bits of a lane, or zeros. */
export const comparisons = ["lt", "le", "eq"] as const;
type Comparison = (typeof comparisons)[number];
export const isComparison = (op: string): op is Comparison => comparisons.includes(op as Comparison);

/** How a vector spells each primitive. Operands are locals, and may be named more than once; `where` takes a mask. */
const spelling = {
  add: ({ lanes }, a, b) => lanes.arithmetic.add(a!, b!),
  sub: ({ lanes }, a, b) => lanes.arithmetic.sub(a!, b!),
  mul: ({ lanes }, a, b) => lanes.arithmetic.mul(a!, b!),
  div: ({ lanes }, a, b) => lanes.arithmetic.div(a!, b!),
  // These propagate NaN and know -0 from 0, as Math.min and Math.max do.
  minimum: ({ lanes }, a, b) => lanes.arithmetic.min(a!, b!),
  maximum: ({ lanes }, a, b) => lanes.arithmetic.max(a!, b!),
  pow: ({ call }, a, b) => call("pow", a!, b!),
  atan2: ({ call }, a, b) => call("atan2", a!, b!),
  neg: ({ lanes }, a) => lanes.arithmetic.neg(a!),
  abs: ({ lanes }, a) => lanes.arithmetic.abs(a!),
  sign: ({ lanes: { arithmetic, number } }, a) => {
    const one = v128.or(v128.and(a!, number(-0)), number(1));
    return v128.bitselect(one, a!, arithmetic.gt(arithmetic.abs(a!), number(0)));
  },
  floor: ({ lanes }, a) => lanes.arithmetic.floor(a!),
  sqrt: ({ lanes }, a) => lanes.arithmetic.sqrt(a!),
  exp: ({ call }, a) => call("exp", a!),
  expm1: ({ call }, a) => call("expm1", a!),
  log: ({ call }, a) => call("log", a!),
  log1p: ({ call }, a) => call("log1p", a!),
  sin: ({ call }, a) => call("sin", a!),
  cos: ({ call }, a) => call("cos", a!),
  tanh: ({ call }, a) => call("tanh", a!),
  erf: ({ call }, a) => call("erf", a!),
  lt: ({ lanes }, a, b) => lanes.arithmetic.lt(a!, b!),
  le: ({ lanes }, a, b) => lanes.arithmetic.le(a!, b!),
  eq: ({ lanes }, a, b) => lanes.arithmetic.eq(a!, b!),
  where: (_, mask, yes, no) => v128.bitselect(yes!, no!, mask!),
} satisfies Record<ElementwisePrimitive, (speller: Speller, ...operands: readonly Expr[]) => Expr>;

export function spell(speller: Speller, op: ElementwisePrimitive, operands: readonly Expr[]): Expr {
  const write: (speller: Speller, ...operands: readonly Expr[]) => Expr = spelling[op];
  return write(speller, ...operands);
}

/** A value as the vector knows it: numbers, or a mask of comparison. */
export interface Value {
  readonly get: Expr;
  readonly mask: boolean;
}

/** 1 and 0 for a mask. */
export function asNumber({ lanes }: Speller, { get, mask }: Value): Expr {
  return mask ? v128.and(get, lanes.number(1)) : get;
}

/** Whether it is anything but 0; NaN is. */
export function asMask({ lanes }: Speller, { get, mask }: Value): Expr {
  return mask ? get : lanes.arithmetic.ne(get, lanes.number(0));
}
