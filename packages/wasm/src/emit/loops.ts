import type { LoopStep } from "@downhill/core/engine";
import type { Code } from "../encode/code.js";
import { Nest, type Placed } from "./nest.js";
import { type RowValue, SegmentEmitter } from "./segment.js";
import type { Target } from "./target.js";

/**
 * Loops over rows around the segments' own loops. A segment is a vector loop over its innermost axis, so that its tail
 * is computed by the same vector arithmetic as all before it.
 */
export function emitLoops(target: Target, code: Code, step: LoopStep): void {
  const rows = step.rows.length;
  const outer = new Nest(code, rows);
  const body = code.piece();
  const instructions = step.segments.flatMap((segment) => segment.body);
  const results = new Map<number, RowValue>();
  const loads = new Map<string, Placed>();
  let first = 0;
  for (const segment of step.segments) {
    const emitter = new SegmentEmitter(target, code, step, segment, { instructions, first, results, loads });
    const { nest, inner } = emitter.emit();
    for (let axis = 0; axis < rows; axis++) {
      outer.before[axis]!.append(nest.before[axis]!);
      outer.after[axis]!.append(nest.after[axis]!);
      outer.next[axis]!.append(nest.next[axis]!);
    }
    body.append(inner);
    first += segment.body.length;
  }
  outer.wrap(code, step.rows, 0, (c) => c.append(body));
}
