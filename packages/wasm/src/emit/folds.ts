import type { Instruction } from "@downhill/core/engine";
import type { Code, Expr, Local } from "../encode/code.js";
import { f32x4, f64, f64x2, v128, words } from "../encode/instructions.js";
import { float64, type Lanes } from "./lanes.js";

export type Reduce = Instruction & { readonly op: "reduce" };
export type By = Reduce["by"];

export const identity: Readonly<Record<By, number>> = { sum: 0, prod: 1, max: -Infinity, min: Infinity };

/** Two vectors made one. NaN stays. */
export function fold({ arithmetic }: Lanes, by: By, a: Expr, b: Expr): Expr {
  const { add, mul, max, min } = arithmetic;
  return { sum: add, prod: mul, max, min }[by](a, b);
}

/** Two float64 made one. */
export function foldScalars(by: By, a: Expr, b: Expr): Expr {
  const { add, mul, max, min } = f64;
  return { sum: add, prod: mul, max, min }[by](a, b);
}

/** The first `lanes` numbers; in the others what changes no reduction. */
export function masked({ dtype, count, number }: Lanes, by: By, lanes: number, value: Expr): Expr {
  if (lanes === count) return value;
  const bits = (lane: number) => (lane < lanes ? -1 : 0);
  const mask =
    dtype === "float32"
      ? words(bits(0), bits(1), bits(2), bits(3))
      : words(bits(0), bits(0), bits(1), bits(1));
  return by === "sum" ? v128.and(value, mask) : v128.bitselect(value, number(identity[by]), mask);
}

const upperHalf = v128.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);

/** A vector as two of float64. */
export const widen = (value: Expr): readonly [Expr, Expr] => [
  f64x2.promoteLowF32x4(value),
  f64x2.promoteLowF32x4(upperHalf(value, value)),
];

/** A vector whose first lane, in float64, is the vector's first. */
export const firstWidened = ({ dtype }: Lanes, value: Expr): Expr =>
  dtype === "float64" ? value : f64x2.promoteLowF32x4(value);

/** Two vectors of float64 as one of float32. */
export const narrow = (low: Expr, high: Expr): Expr =>
  v128.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23])(
    f32x4.demoteF64x2(low),
    f32x4.demoteF64x2(high),
  );

const swapped = v128.shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
const pairsSwapped = v128.shuffle([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]);

/** All lanes made one number, in every lane. */
export function across(code: Code, lanes: Lanes, by: By, vector: Expr): Expr {
  const kept = code.keep("v128", vector).get;
  const halves = fold(lanes, by, kept, swapped(kept, kept));
  if (lanes.dtype === "float64") return halves;
  const pairs = code.keep("v128", halves).get;
  return fold(lanes, by, pairs, pairsSwapped(pairs, pairs));
}

const firstOfFour = v128.shuffle([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
const firstOfTwo = v128.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7]);

/** The first lane, in every lane. */
export function firstEverywhere(code: Code, { dtype }: Lanes, vector: Expr): Expr {
  const kept = code.keep("v128", vector).get;
  return (dtype === "float32" ? firstOfFour : firstOfTwo)(kept, kept);
}

/** Adds a sum of a block, in whatever lanes, to a total in two float64. */
export function addBlock(code: Code, lanes: Lanes, total: Local, block: Expr): void {
  if (lanes.dtype === "float64") return void code.set(total, f64x2.add(total.get, block));
  const kept = code.keep("v128", block).get;
  const [low, high] = widen(kept);
  code.set(total, f64x2.add(total.get, f64x2.add(low, high)));
}

/** Both lanes of a total, as a float64. */
export const acrossTotal = (code: Code, total: Local): Expr =>
  float64.first(across(code, float64, "sum", total.get));
