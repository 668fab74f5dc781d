import { sinAhead } from "./quarter-turns.js";
import { sinKernel } from "./sin-cos-kernels.js";

/** sin x of an angle in radians, within 1 ulp for every finite x. NaN for infinite x. */
export function sin(x: number): number {
  const size = Math.abs(x);
  if (size < 0.7853981633974483) return size < 1e-8 ? x : sinKernel(x, 0);
  const result = sinAhead(size, 0);
  return x < 0 ? -result : result;
}
