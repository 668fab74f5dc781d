import type { Access, Instruction, LoopStep, Plan, Segment } from "@downhill/core/engine";
import { extentIn, overlap } from "./emit/extent.js";
import { oneHotOf } from "./emit/spot.js";

/**
 * Where a segment hands a one-hot row to the next through memory, that makes it anew: it costs less than to store and
 * to load it, and emission sees that it is 1 at one place only.
 */
export function recomputeOneHot(plan: Plan): Plan {
  return { ...plan, steps: plan.steps.map((step) => (step.kind === "loops" ? inStep(step) : step)) };
}

function inStep(step: LoopStep): LoopStep {
  const body = step.segments.flatMap((segment) => segment.body);
  const keyOf = ({ inner }: Segment, access: Access) => JSON.stringify([inner, access]);
  /** One-hot values that are read from memory only as they were stored. */
  const known = new Map<string, number>();
  for (const segment of step.segments) {
    for (const { value, access } of segment.stores) {
      const key = keyOf(segment, access);
      const stored = extentIn(access, [...step.rows, ...segment.inner]);
      const sameView = (other: Segment) =>
        other.body.every(
          (x) =>
            x.op !== "load" ||
            keyOf(other, x.access) === key ||
            !overlap(stored, extentIn(x.access, [...step.rows, ...other.inner])),
        );
      if (access.perRow && oneHotOf(step, segment, body, value) && step.segments.every(sameView))
        known.set(key, value);
    }
  }
  if (known.size === 0) return step;

  /** The new number of each instruction. */
  const moved: number[] = [];
  let next = 0;
  const segments = step.segments.map((segment): Segment => {
    const made: Instruction[] = [];
    const push = (x: Instruction): number => {
      made.push(x);
      return next++;
    };
    const withInputs = (x: Instruction, number: (input: number) => number) =>
      "inputs" in x ? ({ ...x, inputs: x.inputs.map(number) } as Instruction) : x;
    for (const x of segment.body) {
      const value = x.op === "load" ? known.get(keyOf(segment, x.access)) : undefined;
      moved.push(
        value === undefined
          ? push(withInputs(x, (input) => moved[input]!))
          : push(withInputs(body[value]!, (input) => push(body[input]!))),
      );
    }
    const renamed = <S extends { readonly value: number }>(x: S): S => ({ ...x, value: moved[x.value]! });
    const stores = segment.stores.filter(({ access }) => !known.has(keyOf(segment, access)));
    return { ...segment, body: made, stores: stores.map(renamed), totals: segment.totals.map(renamed) };
  });
  return { ...step, segments };
}
