import { expm1 } from "./expm1.ts";

/** The hyperbolic tangent, within 2 ulp. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.5) {
    const t = expm1(2 * x);
    return t / (t + 2);
  }
  // Subtracted from 1, the error of the small term hardly counts. From 20 on it is too small to change it.
  const result = size < 20 ? 1 - 2 / (expm1(2 * size) + 2) : 1;
  return x < 0 ? -result : x > 0 ? result : x;
}
