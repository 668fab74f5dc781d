import { logarithm } from "./fixed-point.js";
import { double, HIGH, LOW, words } from "./float-bits.js";

/** 1/c for c near 1 + i/32, i = 0 ... 32: multiples of 1/256, so that products with them can be exact. */
const INVERSES = /* @__PURE__ */ Float64Array.from(
  { length: 33 },
  (_, i) => Math.round(8192 / (32 + i)) / 256,
);

/** log c, or log c/2 where i > 12, in multiples of 2^-100. */
const EXACT_LOGS = /* @__PURE__ */ Array.from(INVERSES, (inverse, i) =>
  logarithm(i > 12 ? 128n : 256n, BigInt(inverse * 256), 1n << 100n),
);
/** The same in two parts, the first a multiple of 2^-42. */
const LOGS_HIGH = /* @__PURE__ */ Float64Array.from(EXACT_LOGS, (log) => Number(log >> 58n) / 2 ** 42);
const LOGS_LOW = /* @__PURE__ */ Float64Array.from(
  EXACT_LOGS,
  (log) => Number(BigInt.asUintN(58, log)) / 2 ** 100,
);

/** ln 2, the first part a multiple of 2^-42 too: k times it plus any of the above is exact. */
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;

/** The two parts of the last `logSum`. */
export const logParts: Float64Array = new Float64Array(2);

/**
 * log x for the positive finite x in `double[0]`, as an unevaluated sum left in `logParts`; it is good to 2^-66 of
 * its value. Numbers come and go in arrays because V8 allocates those that cross a call which it does not inline.
 *
 * x = 2^k c (1 + r) with 1/c from a table, so log x = k ln 2 + log c + log(1 + r), |r| < 0.017; no division
 * (after P. T. P. Tang, "Table-driven implementation of the logarithm function in IEEE floating-point
 * arithmetic", ACM TOMS 16(4), 1990). For c > 1.4 the table holds log c/2 and k is one more: then c/2 = 1
 * just below 1 as c = 1 just above, and nothing cancels.
 */
export function logSum(): void {
  let high = words[HIGH]!;
  let exponent = -1023;
  if (high < 0x00100000) {
    // Subnormal: scaled by 2^54 first.
    double[0] = double[0]! * 18014398509481984;
    high = words[HIGH]!;
    exponent -= 54;
  }
  const mantissa = high & 0xfffff;
  const i = (mantissa + 0x4000) >> 15;
  const k = (high >> 20) + exponent + ((i + 19) >> 5);
  const inverse = INVERSES[i]!;

  // The mantissa, 1 to 2, in 21 and 32 bits: each times 1/c is exact, and so is their sum r + rLow.
  const rHead = (mantissa | 0x100000) * inverse * (1 / 0x100000) - 1;
  const rTail = (words[LOW]! >>> 0) * inverse * (1 / 0x10000000000000);
  const r = rHead + rTail;
  const rLow = rHead - r + rTail;

  // t + r - r^2/2: t and the square of r's first half are exact, and what the two sums round away is kept.
  const t = k * LN2_HIGH + LOGS_HIGH[i]!;
  const first = Math.fround(r);
  const rest = r - first + rLow;
  const halfSquare = first * first * 0.5;
  const sum = t + r;
  const result = sum - halfSquare;
  const lost = t - sum + r + (sum - result - halfSquare);
  const constants = k * LN2_LOW + LOGS_LOW[i]!;
  logParts[0] = result;
  logParts[1] = lost + (constants + rLow - rest * (first + rest * 0.5)) + r * r * r * log1pSeries(r);
}

/**
 * (log(1 + r) - r + r^2/2) / r^3 for |r| < 0.017, by its Taylor series; 2^-68 of the logarithm is left out.
 */
export function log1pSeries(r: number): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  return (
    1 / 3 +
    r * (-1 / 4) +
    r2 * (1 / 5 + r * (-1 / 6)) +
    r4 * (1 / 7 + r * (-1 / 8)) +
    r4 * r2 * (1 / 9 + r * (-1 / 10)) +
    r4 * r4 * (1 / 11)
  );
}
