import type { LoopStep } from "@downhill/core/engine";
import type { Code } from "../encode/code.js";
import { Nest, type Placed, type Range } from "./nest.js";
import { type RowValue, SegmentEmitter } from "./segment.js";
import { inStreams } from "./streams.js";
import type { Target } from "./target.js";

/**
 * Loops over rows around the segments' own loops. A segment is a vector loop over its innermost axis, so that its tail
 * is computed by the same vector arithmetic as all before it. The first of the rows' loops may run over a range.
 */
export function emitLoops(target: Target, code: Code, whole: LoopStep, range?: Range): void {
  // The axis of the range stays as it is.
  const step = range && whole.rows.length === 1 ? whole : inStreams(whole, target.lanes.bytes);
  const rows = step.rows.length;
  const outer = new Nest(code, rows, range);
  const body = code.piece();
  const instructions = step.segments.flatMap((segment) => segment.body);
  const results = new Map<number, RowValue>();
  const loads = new Map<string, Placed>();
  const own = target.keepOwn(code);
  const bases = new Map([[target.plan.own, own]]);
  const base = (buffer: number) => {
    if (!bases.has(buffer)) bases.set(buffer, target.keepBase(code, buffer));
    return bases.get(buffer);
  };
  let first = 0;
  for (const segment of step.segments) {
    const emitter = new SegmentEmitter(target, code, step, segment, {
      instructions,
      first,
      results,
      loads,
      range,
      own,
      base,
    });
    const { nest, inner } = emitter.emit();
    outer.take(nest, rows);
    body.append(inner);
    first += segment.body.length;
  }
  outer.wrap(code, step.rows, 0, (c) => c.append(body));
}
