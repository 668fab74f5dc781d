import { quarterTurns, remainder } from "./quarter-turns.js";
import { cosKernel, sinKernel } from "./sin-cos-kernels.js";

/** cos x of an angle in radians, within 1 ulp for every finite x. NaN for infinite x. */
export function cos(x: number): number {
  const size = Math.abs(x);
  if (size < 0.7853981633974483) return cosKernel(x, 0);
  if (!(size < Infinity)) return NaN;
  const quadrant = quarterTurns(x);
  const r = remainder[0]!;
  const low = remainder[1]!;
  const result = quadrant & 1 ? sinKernel(r, low) : cosKernel(r, low);
  return quadrant === 1 || quadrant === 2 ? -result : result;
}
