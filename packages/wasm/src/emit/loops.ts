import type { LoopStep, Segment } from "@downhill/core/engine";
import type { Code } from "../encode/code.js";
import { Nest, type Placed, type Range } from "./nest.js";
import { type RowValue, SegmentEmitter, type StepValues } from "./segment.js";
import { splitSpot } from "./spot.js";
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
  const shared = { results, range, own, base };
  const emit = (segment: Segment, more: Pick<StepValues, "instructions" | "first" | "loads" | "place">) => {
    const { nest, inner } = new SegmentEmitter(target, code, step, segment, { ...shared, ...more }).emit();
    outer.take(nest, rows);
    body.append(inner);
  };
  let first = 0;
  for (const segment of step.segments) {
    const spotted = splitSpot(step, segment, first, instructions);
    const { rest } = spotted ?? { rest: segment };
    const replaced = [...instructions];
    replaced.splice(first, rest.body.length, ...rest.body);
    emit(rest, { instructions: replaced, first, loads });
    if (spotted) {
      const { spot, place } = spotted;
      emit(spot, { instructions, first, loads: new Map(), place });
    }
    first += segment.body.length;
  }
  outer.wrap(code, step.rows, 0, (c) => c.append(body));
}
