import type { Floats } from "../program/program.js";
import type { Packed } from "./events.js";

/** [bins, 3] in float64: left edge, right edge and count of equally wide bins over the finite numbers' range. */
export function histogram(values: Floats, bins = 30): Packed {
  let least = Infinity;
  let largest = -Infinity;
  for (const x of values) {
    if (!Number.isFinite(x)) continue;
    if (x < least) least = x;
    if (x > largest) largest = x;
  }
  const count = least > largest ? 0 : least === largest ? 1 : bins;
  const data = new Float64Array(3 * count);
  const width = (largest - least) / count;
  for (let i = 0; i < count; i++) {
    data[3 * i] = least + i * width;
    data[3 * i + 1] = i === count - 1 ? largest : least + (i + 1) * width;
  }
  for (const x of values) {
    if (!Number.isFinite(x)) continue;
    const bin = width > 0 ? Math.min(count - 1, Math.floor((x - least) / width)) : 0;
    data[3 * bin + 2]!++;
  }
  return { dtype: "float64", shape: [count, 3], data };
}
