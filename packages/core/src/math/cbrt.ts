import { pow } from "./pow.js";

/**
 * The real cube root, of negative numbers too, within 1 ulp.
 *
 * The power is off by as much as 1/3 is rounded, times the logarithm. Halley's iteration triples its good bits, once
 * the root is cut to 26 bits (by T. J. Dekker's splitting), so that its square is exact.
 */
export function cbrt(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0 && size < Infinity)) return x;
  const rough = pow(size, 1 / 3);
  const split = rough * 134217729;
  const y = split - (split - rough);
  // y (y^3 + 2 size) / (2 y^3 + size)
  const quotient = size / (y * y);
  const root = y + (y * (quotient - y)) / (y + y + quotient);
  return x < 0 ? -root : root;
}
