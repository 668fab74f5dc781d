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
