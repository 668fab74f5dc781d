import type { Lanes } from "../emit/lanes.js";
import type { Expr } from "../encode/code.js";

/** c[0] + x (c[1] + x (c[2] + …)), by Horner's rule. */
export function series(
  { arithmetic: { add, mul }, number }: Lanes,
  x: Expr,
  coefficients: readonly number[],
): Expr {
  return coefficients
    .slice(0, -1)
    .reduceRight<Expr>((sum, c) => add(number(c), mul(sum, x)), number(coefficients.at(-1)!));
}

/** The same in pairs of terms, by Horner's rule in x^2: half the steps must wait for one another. */
export function seriesInPairs(lanes: Lanes, x: Expr, square: Expr, coefficients: readonly number[]): Expr {
  const { add, mul } = lanes.arithmetic;
  const pair = (i: number): Expr => series(lanes, x, coefficients.slice(i, i + 2));
  const last = 2 * Math.ceil(coefficients.length / 2) - 2;
  let sum = pair(last);
  for (let i = last - 2; i >= 0; i -= 2) sum = add(pair(i), mul(sum, square));
  return sum;
}
