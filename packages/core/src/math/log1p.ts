import { double } from "./float-bits.js";
import { log } from "./log.js";
import { log1pSeries, logParts, logSum } from "./log-sum.js";

/** log(1 + x), within 1 ulp, also where x is so small that 1 + x rounds to 1. -Infinity at -1, NaN below. */
export function log1p(x: number): number {
  const size = Math.abs(x);
  if (size < 0.015625) {
    if (size < 1e-17) return x;
    const x2 = x * x;
    return x + (x2 * x * log1pSeries(x) - x2 * 0.5);
  }
  if (!(x > -1 && x < 1e17)) return log(1 + x);
  // log(u + lost) = log u + lost / u, with lost what 1 + x rounds away.
  const u = 1 + x;
  const lost = x < 1 ? x - (u - 1) : 1 - (u - x);
  double[0] = u;
  logSum();
  return logParts[0]! + (logParts[1]! + lost / u);
}
