import type { Lanes } from "../emit/lanes.js";
import type { Code, Expr } from "../encode/code.js";
import { i32, i32x4, i64, i64x2, v128, words } from "../encode/instructions.js";
import { series } from "./series.js";
import type { VectorFunction } from "./vector-function.js";

/**
 * x = n ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts of which the first is short enough for n times it to be exact
 * (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980).
 */
const reduction = {
  float32: { perUnit: Math.LOG2E, high: 0.693359375, low: -2.1219444e-4, least: -104, most: 89 },
  float64: {
    perUnit: Math.LOG2E,
    high: 0.6931471803691238,
    low: 1.9082149292705877e-10,
    least: -746,
    most: 710,
  },
};

/** (e^r - 1 - r) / r^2: for float32 by S. L. Moshier's Cephes library, for float64 Taylor's series. */
const tail = {
  float32: [
    5.0000001201e-1, 1.6666665459e-1, 4.1665795894e-2, 8.3334519073e-3, 1.3981999507e-3, 1.98756915e-4,
  ],
  float64: Array.from({ length: 12 }, (_, i) => 1 / factorial(i + 2)),
};

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** n, and e^r - 1. NaN stays in the latter. */
function parts(code: Code, lanes: Lanes, x: Expr): { n: Expr; p: Expr } {
  const { add, mul, sub, nearest } = lanes.arithmetic;
  const { perUnit, high, low } = reduction[lanes.dtype];
  const n = code.keep("v128", nearest(mul(x, lanes.number(perUnit)))).get;
  const r = code.keep("v128", sub(sub(x, mul(n, lanes.number(high))), mul(n, lanes.number(low)))).get;
  const p = add(r, mul(mul(r, r), series(lanes, r, tail[lanes.dtype])));
  return { n, p: code.keep("v128", p).get };
}

/** x within [low, high]; NaN stays, for it is the operand that wins where a comparison is false. */
function clamp({ arithmetic: { pmin, pmax }, number }: Lanes, x: Expr, low: number, high: number): Expr {
  return pmax(pmin(x, number(high)), number(low));
}

/** 2^k for whole numbers k in 32-bit (float32) or 64-bit lanes. */
function power({ dtype }: Lanes, k: Expr): Expr {
  return dtype === "float32"
    ? i32x4.shl(i32x4.add(k, words(127, 127, 127, 127)), i32.const(23))
    : i64x2.shl(i64x2.add(k, i64x2.splat(i64.const(1023n))), i32.const(52));
}

/** Whole numbers as such. */
function whole({ dtype }: Lanes, n: Expr): Expr {
  return dtype === "float32" ? i32x4.truncF32x4(n) : i64x2.extendLow(i32x4.truncF64x2(n));
}

/** y 2^n, in two halves, so that neither overflows nor vanishes before the product does. */
function scale(code: Code, lanes: Lanes, y: Expr, n: Expr): Expr {
  const { mul } = lanes.arithmetic;
  const keep = (value: Expr) => code.keep("v128", value).get;
  const single = lanes.dtype === "float32";
  const k = keep(single ? i32x4.truncF32x4(n) : i32x4.truncF64x2(n));
  const half = keep(i32x4.shrS(k, i32.const(1)));
  const parts = [half, i32x4.sub(k, half)].map((part) => power(lanes, single ? part : i64x2.extendLow(part)));
  return mul(mul(y, parts[0]!), parts[1]!);
}

export const exp: VectorFunction = (code, lanes, _, x) => {
  const { least, most } = reduction[lanes.dtype];
  const { n, p } = parts(code, lanes, code.keep("v128", clamp(lanes, x!, least, most)).get);
  return scale(code, lanes, lanes.arithmetic.add(lanes.number(1), p), n);
};

export const expm1: VectorFunction = (code, lanes, _, x) => {
  const { add, sub, pmin, neg } = lanes.arithmetic;
  const single = lanes.dtype === "float32";
  const clamped = clamp(lanes, x!, single ? -18 : -40, reduction[lanes.dtype].most);
  const { n, p } = parts(code, lanes, code.keep("v128", clamped).get);
  // 2^n (p + 1 - 2^-n): at n = 0 that is p, whole. From some n on 2^-n is nothing beside 1.
  const inverse = power(lanes, whole(lanes, neg(pmin(n, lanes.number(single ? 100 : 1000)))));
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
