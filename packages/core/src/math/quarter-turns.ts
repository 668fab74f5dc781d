import { ldexp } from "./ldexp.js";
import { nearest } from "./nearest.js";

/** What the last `quarterTurns` left: r and its tail, |r| <= pi/4 (a hair more after rounding). */
export const remainder: Float64Array = new Float64Array(new ArrayBuffer(16));

/** pi/2 in two parts: 17 bits times the first are exact. */
const QUARTER_HIGH = 1.5707963267341256;
const QUARTER_LOW = 6.077100506506192e-11;

/**
 * The quadrant n mod 4 of finite x = n pi/2 + r; leaves r, as a sum of two doubles good to 2^-60 of its
 * value, in `remainder`.
 *
 * Up to 2^17, pi/2 in two parts is enough (W. J. Cody and W. Waite, "Software Manual for the Elementary
 * Functions", 1980) except close to its multiples; there and beyond, `largeQuarterTurns`.
 */
export function quarterTurns(x: number): number {
  if (Math.abs(x) < 131072) {
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
  const n = largeQuarterTurns(Math.abs(x));
  if (x > 0) return n;
  remainder[0] = -remainder[0]!;
  remainder[1] = -remainder[1]!;
  return -n & 3;
}

/**
 * 2/pi in digits of 24 bits: four zeros, for places before the point, then those behind it
 * (tools/oracles/math_constants.py).
 */
const TWO_OVER_PI: Float64Array = new Float64Array([
  0, 0, 0, 0, 0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163,
  0xabdebb, 0xc561b7, 0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8,
  0x8235f5, 0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c, 0x845f8b, 0xbdf928,
  0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf, 0x27cb09, 0xb74f46, 0x3f669e,
  0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7, 0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330,
  0x46fc7b, 0x6babf0, 0xcfbc20,
]);
const DIGIT = 0x1000000;
/**
 * Digits of x 2/pi after the point: doubles come within 2^-62 of multiples of pi/2, so 168 bits leave 2^-80
 * of r.
 */
const PLACES = 7;
const product: Float64Array = new Float64Array(PLACES + 1);

/** pi/2 in 24, 24 and 53 bits. */
const QUARTER_1 = 1.570796251296997;
const QUARTER_2 = 7.549789415861596e-8;
const QUARTER_3 = 5.390302858158119e-15;

/**
 * The same for any positive x, by M. Payne and R. Hanek, "Radian reduction for trigonometric functions", ACM
 * SIGNUM Newsletter 18, 1983: of the product x · 2/pi only the last digit before the point and some behind it
 * are computed, for whole multiples of 2^24 quarter turns change nothing.
 */
function largeQuarterTurns(x: number): number {
  // x = (d0 + d1/2^24 + d2/2^48 + d3/2^72) 2^(24 top), all of it exact.
  let top = 0;
  let rest0 = x;
  for (; rest0 >= DIGIT; top++) rest0 = ldexp(rest0, -24);
  const d0 = Math.floor(rest0);
  const rest1 = (rest0 - d0) * DIGIT;
  const d1 = Math.floor(rest1);
  const rest2 = (rest1 - d1) * DIGIT;
  const d2 = Math.floor(rest2);
  const d3 = (rest2 - d2) * DIGIT;

  let carry = 0;
  for (let place = PLACES; place >= 0; place--) {
    // Digit j of 2/pi behind the point, at j + 3, times digit i of x goes to place i + j - top.
    const j = place + top + 3;
    const sum =
      carry +
      d0 * TWO_OVER_PI[j]! +
      d1 * TWO_OVER_PI[j - 1]! +
      d2 * TWO_OVER_PI[j - 2]! +
      d3 * TWO_OVER_PI[j - 3]!;
    carry = Math.floor(sum / DIGIT);
    product[place] = sum - carry * DIGIT;
  }

  // Beyond half a quarter turn, to the next one and back: 1 - fraction, digit by digit.
  const back = product[1]! >= DIGIT / 2;
  if (back) for (let place = 1; place <= PLACES; place++) product[place] = DIGIT - 1 - product[place]!;

  // The fraction as a sum of two doubles; its first part in halves of 24 bits; times pi/2.
  let fraction = 0;
  for (let place = PLACES; place > 0; place--) fraction = (fraction + product[place]!) / DIGIT;
  let rest = -fraction;
  for (let place = 1, unit = 1 / DIGIT; place <= PLACES; place++, unit /= DIGIT)
    rest += product[place]! * unit;
  const first = Math.fround(fraction);
  const second = fraction - first + rest;
  const head = first * QUARTER_1;
  const tail = first * QUARTER_2 + (second * QUARTER_1 + (first * QUARTER_3 + second * QUARTER_2));
  const r = head + tail;
  const rLow = head - r + tail;
  remainder[0] = back ? -r : r;
  remainder[1] = back ? -rLow : rLow;
  return (product[0]! + (back ? 1 : 0)) & 3;
}
