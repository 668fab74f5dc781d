import type { Value } from "../format/event-record.js";
import { safeText } from "../safe-text.js";

/** A text in Markdown. */
export function text(tag: string, markdown: string): Value {
  return {
    tag: safeText(tag),
    plugin: "text",
    tensor: { dtype: "string", shape: [], data: [new TextEncoder().encode(markdown)] },
  };
}
