import { exponential, logarithm } from "./fixed-point.js";
import { ldexp } from "./ldexp.js";
import { nearest } from "./nearest.js";

/** 2^(j/16), in multiples of 2^-120. */
const EXACT_ROOTS = /* @__PURE__ */ exactRoots();

function exactRoots(): bigint[] {
  const unit = 1n << 120n;
  const log2 = logarithm(2n, 1n, unit);
  return Array.from({ length: 16 }, (_, j) => exponential((BigInt(j) * log2) / 16n, unit));
}

/** 2^(j/16), and what its double leaves out. */
export const ROOTS: Float64Array = /* @__PURE__ */ Float64Array.from(
  EXACT_ROOTS,
  (root) => Number(root) / 2 ** 120,
);
export const ROOTS_LOW: Float64Array = /* @__PURE__ */ Float64Array.from(
  EXACT_ROOTS,
  (root) => Number(root - BigInt(Number(root))) / 2 ** 120,
);

/** 16 / ln 2, and ln 2 / 16 in two parts: the first is a multiple of 2^-40, so that n times it is exact. */
export const PER_STEP = 23.083120654223414;
export const STEP_HIGH = 0.04332169878489367;
export const STEP_LOW = 1.0291218489310676e-13;

/** e^r - 1 for |r| <= ln 2 / 32, by its Taylor series; what is left out is below 2^-59. */
export function expm1Series(r: number): number {
  const r2 = r * r;
  const series = 1 / 2 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120)) + r2 * r2 * (1 / 720 + r * (1 / 5040));
  return r + r2 * series;
}

/** What `expSum` takes, two parts of a sum, and in the first place what it gives. */
export const expCells: Float64Array = new Float64Array(2);

/**
 * e^(high + low) for high and low in `expCells`, |low| < 2^-10, to about 0.52 ulp; left in `expCells[0]`. Numbers come
 * and go in an array because V8 allocates those that cross a call which it does not inline.
 *
 * With n the integer nearest 16 high / ln 2, e^(high + low) = 2^(n/16) e^r, |r| <= ln 2 / 32: a table has
 * 2^(j/16) for the last four bits of n, and its tail is added where it costs nothing (P. T. P. Tang,
 * "Table-driven implementation of the exponential function in IEEE floating-point arithmetic", ACM TOMS
 * 15(2), 1989).
 */
export function expSum(): void {
  const high = expCells[0]!;
  if (high > 710 || high < -746) {
    expCells[0] = high > 710 ? Infinity : 0;
    return;
  }
  const n = nearest(high * PER_STEP);
  expCells[0] = expNear(n, high - n * STEP_HIGH - n * STEP_LOW + expCells[1]!);
}

/** 2^(n/16) e^r, to about 0.52 ulp. */
export function expNear(n: number, r: number): number {
  const j = n & 15;
  const root = ROOTS[j]!;
  return ldexp(root + (ROOTS_LOW[j]! + root * expm1Series(r)), n >> 4);
}
