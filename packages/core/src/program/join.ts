import type { LoopStep, ScalarStep, Segment, Step } from "./plan.js";

type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** Segments without loops of their own are one, and rows with nothing else inside are a plain loop. */
export function joinSegments({ kind, rows, segments }: LoopStep): LoopStep {
  const joined: Segment[] = [];
  let last: Growing<Segment> | undefined;
  for (const { inner, body, stores, totals } of segments) {
    if (last?.inner.length === 0 && inner.length === 0) {
      last.body.push(...body);
      last.stores.push(...stores);
      last.totals.push(...totals);
    } else {
      last = { inner: [...inner], body: [...body], stores: [...stores], totals: [...totals] };
      joined.push(last);
    }
  }
  const [only] = joined;
  if (joined.length > 1 || only!.inner.length > 0) return { kind, rows, segments: joined };
  return { kind, rows: [], segments: [{ ...only!, inner: rows }] };
}

/** Neighbouring scalar steps as one, unless the second may load what the first stores. */
export function joinScalars(steps: readonly Step[]): Step[] {
  const joined: Step[] = [];
  let last: Growing<ScalarStep> | undefined;
  for (const step of steps) {
    const loads = step.kind === "scalars" && step.body.some(({ instruction }) => instruction.op === "load");
    if (step.kind !== "scalars") {
      last = undefined;
      joined.push(step);
    } else if (last && !(loads && last.stores.length > 0)) {
      last.body.push(...step.body);
      last.stores.push(...step.stores);
    } else {
      last = { kind: "scalars", body: [...step.body], stores: [...step.stores] };
      joined.push(last);
    }
  }
  return joined;
}
