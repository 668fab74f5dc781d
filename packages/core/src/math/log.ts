import { double } from "./float-bits.js";
import { logParts, logSum } from "./log-sum.js";

/** The natural logarithm, within 1 ulp. -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (x > 0 && x < Infinity) {
    double[0] = x;
    logSum();
    return logParts[0]! + logParts[1]!;
  }
  if (x === 0) return -Infinity;
  return x > 0 ? x : NaN;
}
