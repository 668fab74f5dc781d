import { expm1 } from "./expm1.ts";

/** The hyperbolic tangent, within 2 ulp. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  // From 20 on, tanh differs from 1 by less than half an ulp.
  const result = size < 0.5 ? ratio(expm1(2 * size)) : size < 20 ? 1 - 2 / (expm1(2 * size) + 2) : 1;
  return x < 0 ? -result : x > 0 ? result : x;
}

function ratio(t: number): number {
  return t / (t + 2);
}
