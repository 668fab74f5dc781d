import type { Lanes } from "../emit/lanes.js";
import type { Code, Expr } from "../encode/code.js";
import { i32, i32x4, i64, i64x2, v128, words } from "../encode/instructions.js";
import { series, seriesInPairs } from "./series.js";
import type { VectorFunction } from "./vector-function.js";

/**
 * x = n ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts of which the first is short enough for n times it to be exact
 * (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980). Added to `round`, a number whose last
 * bit is 1, x / ln 2 becomes n, and the last bits of that are n and two biases of an exponent.
 */
const reduction = {
  float32: { high: 0.693359375, low: -2.1219444e-4, least: -104, most: 89, round: 1.5 * 2 ** 23 + 2 * 127 },
  float64: {
    high: 0.6931471803691238,
    low: 1.9082149292705877e-10,
    least: -746,
    most: 710,
    round: 1.5 * 2 ** 52 + 2 * 1023,
  },
};

/** (e^r - 1 - r) / r^2: for float32 the best in the sense of the largest error in e^r, for float64 Taylor's series. */
const tail = {
  float32: [
    0.49999994039535522, 0.1666651964187622, 4.1668396443128586e-2, 8.368796668946743e-3,
    1.3814435806125402e-3,
  ],
  float64: Array.from({ length: 12 }, (_, i) => 1 / factorial(i + 2)),
};

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** n, rounded as above, and e^r - 1. NaN stays in both. */
function parts(code: Code, lanes: Lanes, x: Expr): { n: Expr; p: Expr } {
  const { add, mul, sub } = lanes.arithmetic;
  const { high, low, round } = reduction[lanes.dtype];
  const n = code.keep("v128", add(mul(x, lanes.number(Math.LOG2E)), lanes.number(round))).get;
  const whole = code.keep("v128", sub(n, lanes.number(round))).get;
  const r = code.keep("v128", sub(sub(x, mul(whole, lanes.number(high))), mul(whole, lanes.number(low)))).get;
  const square = code.keep("v128", mul(r, r)).get;
  const p = add(r, mul(square, seriesInPairs(lanes, r, square, tail[lanes.dtype])));
  return { n, p: code.keep("v128", p).get };
}

/** x within [low, high]; NaN stays, for it is the operand that wins where a comparison is false. */
function clamp({ arithmetic: { pmin, pmax }, number }: Lanes, x: Expr, low: number, high: number): Expr {
  return pmax(pmin(x, number(high)), number(low));
}

/** Whole numbers of the lanes' width, in their last bits, as exponents. */
const power = ({ dtype }: Lanes, k: Expr): Expr =>
  dtype === "float32" ? i32x4.shl(k, i32.const(23)) : i64x2.shl(k, i32.const(52));

/** 2^-n. */
function inversePower(lanes: Lanes, n: Expr): Expr {
  if (lanes.dtype === "float32") return power(lanes, i32x4.sub(words(381, 381, 381, 381), n));
  return power(lanes, i64x2.sub(i64x2.splat(i64.const(3069n)), n));
}

/** y 2^n, in two halves, so that neither overflows nor vanishes before the product does. Both take one of n's biases. */
function scale(code: Code, lanes: Lanes, y: Expr, n: Expr): Expr {
  const { mul } = lanes.arithmetic;
  const { shrS, sub } = lanes.dtype === "float32" ? i32x4 : i64x2;
  const half = code.keep("v128", shrS(n, i32.const(1))).get;
  return mul(mul(y, power(lanes, half)), power(lanes, sub(n, half)));
}

export const exp: VectorFunction = (code, lanes, _, x) => {
  const { least, most } = reduction[lanes.dtype];
  const { n, p } = parts(code, lanes, code.keep("v128", clamp(lanes, x!, least, most)).get);
  return scale(code, lanes, lanes.arithmetic.add(lanes.number(1), p), n);
};

/** Exponents are moved up by so many on the way, so that those of all subnormal numbers have a power of two. */
const UP = 64;

/**
 * e^x for x <= 0, where 2^n cannot overflow: coefficients that are 2^-64 as large leave the exponent room for one product
 * with 2^(n + 64), in which a subnormal result is rounded, once.
 */
export const expOfNegative: VectorFunction = (code, lanes, _, x) => {
  const { add, mul, pmax, sub } = lanes.arithmetic;
  const { high, low, least, round } = reduction[lanes.dtype];
  const from = code.keep("v128", pmax(x!, lanes.number(least))).get;
  // One bias of an exponent, where `round` has two.
  const single = lanes.dtype === "float32";
  const biased = lanes.number(round - (single ? 127 : 1023) + UP);
  const n = code.keep("v128", add(mul(from, lanes.number(Math.LOG2E)), biased)).get;
  const whole = code.keep("v128", sub(n, biased)).get;
  const r = code.keep(
    "v128",
    sub(sub(from, mul(whole, lanes.number(high))), mul(whole, lanes.number(low))),
  ).get;
  const coefficients = [1, 1, ...tail[lanes.dtype]].map((c) => c * 2 ** -UP);
  return mul(series(lanes, r, coefficients), power(lanes, n));
};

export const expm1: VectorFunction = (code, lanes, _, x) => {
  const { add, sub, pmin } = lanes.arithmetic;
  const single = lanes.dtype === "float32";
  const clamped = clamp(lanes, x!, single ? -18 : -40, reduction[lanes.dtype].most);
  const { n, p } = parts(code, lanes, code.keep("v128", clamped).get);
  // 2^n (p + 1 - 2^-n): at n = 0 that is p, whole. From some n on 2^-n is nothing beside 1.
  const most = reduction[lanes.dtype].round + (single ? 100 : 1000);
  const inverse = inversePower(lanes, pmin(n, lanes.number(most)));
  return scale(code, lanes, add(p, sub(lanes.number(1), inverse)), n);
};

/** With m = e^(2|x|) - 1: m / (m + 2), and the sign of x. */
export const tanh: VectorFunction = (code, lanes, around, x) => {
  const { abs, add, mul, div, pmin } = lanes.arithmetic;
  const size = pmin(abs(x!), lanes.number(lanes.dtype === "float32" ? 10 : 20));
  const m = code.keep(
    "v128",
    expm1(code, lanes, around, code.keep("v128", mul(size, lanes.number(2))).get),
  ).get;
  const sign = v128.and(x!, lanes.number(-0));
  return v128.or(div(m, add(m, lanes.number(2))), sign);
};
