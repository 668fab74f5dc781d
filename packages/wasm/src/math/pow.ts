import type { Lanes } from "../emit/lanes.js";
import type { Code, Expr } from "../encode/code.js";
import { f32x4, f64x2, v128 } from "../encode/instructions.js";
import { exp } from "./exp.js";
import { DOUBLE, LN2_HIGH, LN2_LOW, split } from "./log.js";
import { series } from "./series.js";
import type { Surroundings, VectorFunction } from "./vector-function.js";

/**
 * e^(y log |x|) in float64, the logarithm and the product carried as sums of two numbers; then the special cases of
 * `Math.pow`: 1 at y = 0, NaN for |x| = 1 with infinite y and for negative x with a y that is no integer.
 */
export const pow: VectorFunction = (code, lanes, around, x, y) => {
  const size = code.keep("v128", f64x2.abs(x!)).get;
  return powerOf(code, lanes, around, x!, y!, size, logarithm(code, lanes, size));
};

/** Bytes at the address that `rememberingPow` is given: a base, and both parts of its logarithm. */
export const REMEMBERED = 48;

/**
 * The same bits, faster where the base is that of the last call with the address `at`: the logarithm is the costlier
 * half, and bias corrections 1 - β^t take the powers of the same numbers in every step.
 */
export function rememberingPow(
  code: Code,
  lanes: Lanes,
  around: Surroundings,
  x: Expr,
  y: Expr,
  at: Expr,
): Expr {
  const size = code.keep("v128", f64x2.abs(x)).get;
  const part = (i: number) => v128.load(at, 16 * i);
  code.when(v128.anyTrue(f64x2.ne(size, part(0))), (c) => {
    const { head, tail } = logarithm(c, lanes, size);
    c.eval(v128.store(at, 0, size), v128.store(at, 16, head), v128.store(at, 32, tail));
  });
  const log = { head: code.keep("v128", part(1)).get, tail: code.keep("v128", part(2)).get };
  return powerOf(code, lanes, around, x, y, size, log);
}

/** The sum of both parts is log x; the first has 24 bits. */
interface Logarithm {
  readonly head: Expr;
  readonly tail: Expr;
}

/** log(1 + f) = 2s + s^3 P(s^2), s = f/(2 + f), with what the division rounds away. */
function logarithm(code: Code, lanes: Lanes, x: Expr): Logarithm {
  const { add, sub, mul, div } = f64x2;
  const { number } = lanes;
  const keep = (value: Expr) => code.keep("v128", value).get;
  const { k, f } = split(code, lanes, x);
  const bottom = keep(add(number(2), f));
  const s = keep(div(f, bottom));
  const bottomLow = keep(sub(f, sub(bottom, number(2))));
  const [sHead, bottomHead] = [head(s), head(bottom)].map(keep) as [Expr, Expr];
  const sTail = keep(sub(s, sHead));
  const bottomTail = keep(sub(bottom, bottomHead));
  // f - s·bottom: the first product is exact, the rest small.
  const exact = sub(sub(sub(f, mul(sHead, bottomHead)), mul(sHead, bottomTail)), mul(sTail, bottom));
  const sLow = keep(div(sub(exact, mul(s, bottomLow)), bottom));
  const z = keep(mul(s, s));
  const cubic = keep(mul(mul(s, z), series(lanes, z, DOUBLE)));
  const whole = keep(mul(k, number(LN2_HIGH)));
  const twice = keep(add(s, s));
  const [sum, lost] = twoSum(keep, whole, twice);
  const small = add(add(mul(k, number(LN2_LOW)), add(sLow, sLow)), lost);
  const [log, rest] = twoSum(keep, sum, cubic);
  const logLow = keep(add(rest, small));
  const logHead = keep(head(log));
  return { head: logHead, tail: keep(add(sub(log, logHead), logLow)) };
}

function powerOf(
  code: Code,
  lanes: Lanes,
  around: Surroundings,
  x: Expr,
  y: Expr,
  size: Expr,
  { head: logHead, tail: logTail }: Logarithm,
): Expr {
  const { abs, add, sub, mul, eq, ne, gt, lt, floor, pmin, pmax } = f64x2;
  const { number } = lanes;
  const keep = (value: Expr) => code.keep("v128", value).get;

  // y log x, split where the first product is exact. Beyond 1e20 every base but 1 leaves the range.
  const exponent = keep(pmax(pmin(y, number(1e20)), number(-1e20)));
  const yHead = keep(head(exponent));
  const yTail = keep(sub(exponent, yHead));
  const first = keep(mul(yHead, logHead));
  const rest = keep(add(mul(yTail, logHead), mul(exponent, logTail)));
  const high = keep(pmax(pmin(add(first, rest), number(1000)), number(-1000)));
  const low = sub(first, high);
  const within = lt(abs(high), number(1000));
  const correction = keep(v128.and(add(low, rest), within));
  const power = keep(exp(code, lanes, around, high));
  // e^(high + low) = e^high + e^high low, where e^high is finite.
  const corrected = add(power, mul(power, correction));
  let result = keep(v128.bitselect(corrected, power, lt(power, number(Infinity))));

  // Bases 0 and Infinity: 0 or Infinity by the sign of the exponent; 1 has no power at infinity.
  const grows = v128.not(v128.xor(gt(size, number(1)), gt(y, number(0))));
  const ends = v128.or(v128.or(eq(size, number(0)), eq(size, number(Infinity))), gt(abs(y), number(1e20)));
  result = keep(v128.bitselect(v128.and(grows, number(Infinity)), result, ends));
  const one = eq(size, number(1));
  const atOne = v128.bitselect(number(Number.NaN), number(1), eq(abs(y), number(Infinity)));
  result = keep(v128.bitselect(atOne, result, one));

  const integer = keep(eq(floor(y), y));
  const half = mul(y, number(0.5));
  const odd = v128.and(v128.and(integer, ne(floor(half), half)), lt(abs(y), number(2 ** 53)));
  result = keep(v128.or(result, v128.and(v128.and(x, number(-0)), odd)));
  const rootless = v128.and(
    v128.and(lt(x, number(0)), lt(size, number(Infinity))),
    v128.andnot(lt(abs(y), number(Infinity)), integer),
  );
  const unknown = v128.or(rootless, v128.or(ne(x, x), ne(y, y)));
  result = keep(v128.bitselect(number(Number.NaN), result, unknown));
  return v128.bitselect(number(1), result, eq(y, number(0)));
}

/** x rounded to 24 bits. */
const head = (x: Expr): Expr => f64x2.promoteLowF32x4(f32x4.demoteF64x2(x));

/** a + b and what the sum rounds away (D. E. Knuth). */
function twoSum(keep: (value: Expr) => Expr, a: Expr, b: Expr): [Expr, Expr] {
  const { add, sub } = f64x2;
  const sum = keep(add(a, b));
  const part = keep(sub(sum, a));
  return [sum, keep(add(sub(a, sub(sum, part)), sub(b, part)))];
}
