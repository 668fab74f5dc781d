import { double, HIGH, words } from "./float-bits.js";
import { ldexp } from "./ldexp.js";

/**
 * The real cube root, of negative numbers too, within 1 ulp.
 *
 * |x| = 2^(3k) m with 1 <= m < 8. A cubic in m is good to 2^-7, and Halley's iteration triples the bits, twice;
 * before the second time the root is cut to 24 bits, so that its square is exact.
 */
export function cbrt(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0 && size < Infinity)) return x;
  double[0] = size;
  let exponent = (words[HIGH]! >> 20) - 1023;
  if (exponent === -1023) {
    // Subnormal: scaled by 2^54 first.
    double[0] = size * 18014398509481984;
    exponent = (words[HIGH]! >> 20) - 1077;
  }
  const k = Math.floor(exponent / 3);
  const m = ldexp(size, -3 * k);
  // Minimax polynomial (tools/oracles/math_constants.py).
  const rough =
    0.6816837972172616 + m * 0.3645282885081948 + m * m * (-0.04331016446920117 + m * 0.0023132240456050297);
  const root = ldexp(halley(Math.fround(halley(rough, m)), m), k);
  return x < 0 ? -root : root;
}

/** A root y of y^3 = m, three times as good: y (y^3 + 2m) / (2y^3 + m). */
function halley(y: number, m: number): number {
  const quotient = m / (y * y);
  return y + (y * (quotient - y)) / (y + y + quotient);
}
