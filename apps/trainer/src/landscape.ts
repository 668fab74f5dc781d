import { contourSvg, type Trail } from "@downhill/reporter-html";
import { evenly } from "./evenly.js";
import { plainFunction } from "./plain-function.js";
import type { Problem } from "./problems.js";

const cells = 200;

/** A problem's contour with ways over it, as SVG. */
export function landscapeSvg(title: string, { f, view }: Problem, trails: readonly Trail[]): string {
  const height = plainFunction(f);
  const [x, y] = view.map(([least, most]) => evenly(least, most, cells)) as [Float64Array, Float64Array];
  const z = Float64Array.from({ length: cells ** 2 }, (_, i) =>
    height(x[i % cells]!, y[Math.floor(i / cells)]!),
  );
  return contourSvg({ x, y, z, trails }, { title });
}
