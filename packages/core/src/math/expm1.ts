import { exp } from "./exp.js";
import { expm1Series, PER_STEP, ROOTS, ROOTS_LOW, STEP_HIGH, STEP_LOW } from "./exp-sum.js";
import { ldexp } from "./ldexp.js";
import { nearest } from "./nearest.js";

/** e^x - 1, within 1 ulp, also where x is so small that e^x rounds to 1. */
export function expm1(x: number): number {
  const size = Math.abs(x);
  if (size < 0.1733) return size < 1e-17 ? x : nearZero(x);
  if (x > 40) return exp(x);
  if (x < -40) return -1;
  // As in expSum, but 1 is taken off the power before the small term is added, and what that rounds away is
  // kept.
  const n = nearest(x * PER_STEP);
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const power = ldexp(ROOTS[n & 15]!, n >> 4);
  const powerLow = ldexp(ROOTS_LOW[n & 15]!, n >> 4);
  const difference = power - 1;
  const lost = power < 1 ? power - (difference + 1) : power - difference - 1;
  return difference + (lost + (powerLow + power * expm1Series(r)));
}

/** For |x| < ln 2 / 4. Minimax polynomial, relative error below 2^-59 (tools/oracles/math_constants.py). */
function nearZero(x: number): number {
  const x2 = x * x;
  const x4 = x2 * x2;
  const series =
    0.16666666666666524 +
    x * 0.041666666666666345 +
    x2 * (0.00833333333379186 + x * 0.0013888888889613705) +
    x4 * (0.0001984126522183062 + x * 2.4801581715247947e-5) +
    x4 * x2 * (2.7575646787989834e-6 + x * 2.757535369493067e-7);
  return x + (x2 * 0.5 + x2 * x * series);
}
