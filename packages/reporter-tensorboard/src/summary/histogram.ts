import { type Packed, unpack } from "@downhill/core/train";
import type { Value } from "../format/event-record.js";
import { safeText } from "../safe-text.js";

/** TensorBoard wants as many buckets at every step. */
const buckets = 30;

/** A distribution, from the [bins, 3] of left edge, right edge and count that probes give. */
export function histogram(tag: string, packed: Packed): Value {
  const rows = unpack(packed);
  const count = rows.length / 3;
  const data = count > 1 ? Float64Array.from(rows) : new Float64Array(3 * buckets);
  if (count === 1) {
    // One value alone: TensorBoard counts it in the last of buckets without width.
    for (let i = 0; i < 3 * buckets; i++) data[i] = i % 3 === 2 ? 0 : rows[i % 3]!;
    data[3 * buckets - 1] = rows[2]!;
  }
  return {
    tag: safeText(tag),
    plugin: "histograms",
    tensor: { dtype: "double", shape: [data.length / 3, 3], data },
  };
}
