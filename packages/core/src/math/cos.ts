import { sinAhead } from "./quarter-turns.js";
import { cosKernel } from "./sin-cos-kernels.js";

/** cos x of an angle in radians, within 1 ulp for every finite x. NaN for infinite x. */
export function cos(x: number): number {
  const size = Math.abs(x);
  return size < 0.7853981633974483 ? cosKernel(x, 0) : sinAhead(size, 1);
}
