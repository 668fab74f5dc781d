import type { Lanes } from "../emit/lanes.js";
import type { Code, Expr } from "../encode/code.js";
import { f32x4, f64x2, i32, i32x4, i64, i64x2, splat64, v128 } from "../encode/instructions.js";
import { series } from "./series.js";
import type { VectorFunction } from "./vector-function.js";

/** x = 2^k (1 + f) for positive finite x, 1 + f from sqrt(1/2) to sqrt(2); k as a float. */
export function split(code: Code, lanes: Lanes, x: Expr): { k: Expr; f: Expr } {
  const { add, lt, mul, sub } = lanes.arithmetic;
  const single = lanes.dtype === "float32";
  const up = single ? 23 : 54;
  const tiny = code.keep("v128", lt(x, lanes.number(lanes.smallest))).get;
  const bits = code.keep("v128", v128.bitselect(mul(x, lanes.number(2 ** up)), x, tiny)).get;
  let k: Expr;
  let m: Expr;
  if (single) {
    // Bits of sqrt(1/2).
    const steps = i32x4.shrS(i32x4.sub(bits, i32x4.splat(i32.const(0x3f3504f3))), i32.const(23));
    const exponent = code.keep("v128", steps).get;
    m = i32x4.sub(bits, i32x4.shl(exponent, i32.const(23)));
    k = f32x4.convertI32x4(exponent);
  } else {
    const steps = i64x2.shrS(i64x2.sub(bits, i64x2.splat(i64.const(0x3fe6a09e667f3bcdn))), i32.const(52));
    const exponent = code.keep("v128", steps).get;
    m = i64x2.sub(bits, i64x2.shl(exponent, i32.const(52)));
    // Added to the bits of 1.5 · 2^52, the whole number k makes it 1.5 · 2^52 + k.
    k = f64x2.sub(i64x2.add(exponent, splat64(6755399441055744)), splat64(6755399441055744));
  }
  const scaled = v128.and(tiny, lanes.number(-up));
  return {
    k: code.keep("v128", add(k, scaled)).get,
    f: code.keep("v128", sub(m, lanes.number(1))).get,
  };
}

/** `y` where x is positive and finite; -Infinity at 0, NaN below, Infinity at Infinity. */
export function atSpecial({ arithmetic: { eq, gt, lt, sqrt }, number }: Lanes, x: Expr, y: Expr): Expr {
  const special = v128.bitselect(number(-Infinity), sqrt(x), eq(x, number(0)));
  return v128.bitselect(y, special, v128.and(gt(x, number(0)), lt(x, number(Infinity))));
}

/** (log(1 + f) - f + f^2/2) / f^3, from S. L. Moshier's Cephes library. */
const SINGLE = [
  3.3333331174e-1, -2.4999993993e-1, 2.0000714765e-1, -1.6668057665e-1, 1.4249322787e-1, -1.2420140846e-1,
  1.167699874e-1, -1.151461031e-1, 7.0376836292e-2,
];

/** (log((1 + s) / (1 - s)) - 2s) / s^3 in s^2, the minimax polynomial of Sun's fdlibm. */
export const DOUBLE = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
];

export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;

export const log: VectorFunction = (code, lanes, _, x) => {
  const { add, div, mul, sub } = lanes.arithmetic;
  const { k, f } = split(code, lanes, x!);
  const square = code.keep("v128", mul(f, f)).get;
  const half = code.keep("v128", mul(square, lanes.number(0.5))).get;
  if (lanes.dtype === "float32") {
    const cubic = mul(mul(f, square), series(lanes, f, SINGLE));
    const low = sub(add(cubic, mul(k, lanes.number(-2.1219444e-4))), half);
    return atSpecial(lanes, x!, add(add(f, low), mul(k, lanes.number(0.693359375))));
  }
  const s = code.keep("v128", div(f, add(lanes.number(2), f))).get;
  const z = code.keep("v128", mul(s, s)).get;
  const rest = mul(z, series(lanes, z, DOUBLE));
  const low = add(mul(s, add(half, rest)), mul(k, lanes.number(LN2_LOW)));
  return atSpecial(lanes, x!, sub(mul(k, lanes.number(LN2_HIGH)), sub(sub(half, low), f)));
};

/** With u = 1 + x rounded: log(u) x / (u - 1), in which the roundings cancel (W. Kahan). */
export const log1p: VectorFunction = (code, lanes, around, x) => {
  const { add, sub, mul, div, eq } = lanes.arithmetic;
  const u = code.keep("v128", add(x!, lanes.number(1))).get;
  const y = code.keep("v128", log(code, lanes, around, u)).get;
  const kept = v128.or(eq(u, lanes.number(1)), eq(x!, lanes.number(Infinity)));
  return v128.bitselect(x!, mul(y, div(x!, sub(u, lanes.number(1)))), kept);
};
