import { exp } from "./exp.js";

/** The logistic function 1 / (1 + e^-x), within 2 ulp. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  // e/(1 + e), where e is small as a difference: there the rounding of 1 + e hardly counts.
  const e = exp(x);
  return e < 0.2 ? e - (e * e) / (1 + e) : e / (1 + e);
}
