import { expSum } from "./exp-sum.js";

/** e^x, within 1 ulp. Overflows to Infinity above 709.78, rounds to 0 below -745.13. */
export function exp(x: number): number {
  return expSum(x, 0);
}
