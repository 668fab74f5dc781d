import { fromNum, type Num } from "@downhill/core/train";
import type { Value } from "../format/event-record.js";
import { safeText } from "../safe-text.js";

/** A point of a curve, rounded to float32 as TensorBoard keeps it. */
export function scalar(tag: string, value: Num): Value {
  return {
    tag: safeText(tag),
    plugin: "scalars",
    tensor: { dtype: "float", shape: [], data: [fromNum(value)] },
  };
}
