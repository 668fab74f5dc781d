import { expCells, expSum } from "./exp-sum.js";

/** e^x, within 1 ulp. Overflows to Infinity above 709.78, rounds to 0 below -745.13. */
export function exp(x: number): number {
  expCells[0] = x;
  expCells[1] = 0;
  expSum();
  return expCells[0]!;
}
