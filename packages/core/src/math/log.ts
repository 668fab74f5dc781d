import { logLow, logSum } from "./log-sum.js";

/** The natural logarithm, within 1 ulp. -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (x > 0 && x < Infinity) return logSum(x) + logLow[0]!;
  if (x === 0) return -Infinity;
  return x > 0 ? x : NaN;
}
