import { exp } from "./exp.js";

/** The logistic function 1 / (1 + e^-x), within 2 ulp. */
export function sigmoid(x: number): number {
  // Never overflows: far below zero it is e^x, down to the smallest number.
  const e = exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
