import { pi } from "./fixed-point.js";
import { nearest } from "./nearest.js";
import { cosKernel, sinKernel } from "./sin-cos-kernels.js";

/** sin(x + n pi/2) for x >= 0; NaN for infinite x. */
export function sinAhead(x: number, n: number): number {
  if (!(x < Infinity)) return NaN;
  const quadrant = n + quarterTurns(x);
  const r = remainder[0]!;
  const low = remainder[1]!;
  const result = quadrant & 1 ? cosKernel(r, low) : sinKernel(r, low);
  return quadrant & 2 ? -result : result;
}

/** What the last `quarterTurns` left: r and its tail, |r| <= pi/4 (a hair more after rounding). */
const remainder: Float64Array = new Float64Array(new ArrayBuffer(16));

/** pi/2 in two parts: 17 bits times the first are exact. */
const QUARTER_HIGH = 1.5707963267341256;
const QUARTER_LOW = 6.077100506506192e-11;

/**
 * The quadrant n mod 4 of x = n pi/2 + r; leaves r, as a sum of two doubles good to 2^-60 of its value, in `remainder`.
 *
 * Up to 2^17, pi/2 in two parts is enough (W. J. Cody and W. Waite, "Software Manual for the Elementary
 * Functions", 1980) except close to its multiples; there and beyond, `exactQuarterTurns`.
 */
function quarterTurns(x: number): number {
  if (x < 131072) {
    const n = nearest(x * 0.6366197723675814);
    const rough = x - n * QUARTER_HIGH;
    if (Math.abs(rough) > 0.001) {
      const low = n * QUARTER_LOW;
      const r = rough - low;
      remainder[0] = r;
      remainder[1] = rough - r - low;
      return n & 3;
    }
  }
  return exactQuarterTurns(x);
}

/**
 * pi/2 in multiples of 2^-1200: n of them, for x up to 2^1024, are good to 2^-176, and doubles come no closer to
 * multiples of pi/2 than 2^-62.
 */
const EXACT_QUARTER = /* @__PURE__ */ exactQuarter();

function exactQuarter(): bigint {
  return pi(1n << 1200n) / 2n;
}

/** The same for x from 1/2 on, in whole numbers. */
function exactQuarterTurns(x: number): number {
  const whole = Math.floor(x);
  const exact = (BigInt(whole) << 1200n) + (BigInt((x - whole) * 2 ** 53) << 1147n);
  const n = (exact + EXACT_QUARTER / 2n) / EXACT_QUARTER;
  const r = (exact - n * EXACT_QUARTER) >> 1000n;
  remainder[0] = Number(r) / 2 ** 200;
  remainder[1] = Number(r - BigInt(Number(r))) / 2 ** 200;
  return Number(n & 3n);
}
