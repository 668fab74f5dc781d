import type { Step } from "@downhill/core/engine";
import type { Job } from "../threads/split-plan.js";

/** The numbers that steps find in memory: those of the host, and device scalars that another step has left there. */
export interface NumbersRead {
  readonly host: ReadonlySet<number>;
  readonly scalars: ReadonlySet<number>;
}

export function numbersRead(jobs: readonly Job[]): NumbersRead {
  const host = new Set<number>();
  const scalars = new Set<number>();
  for (const step of jobs.flatMap(({ step, rest }): Step[] => (rest ? [step, rest] : [step]))) {
    if (step.kind === "loops") {
      for (const x of step.segments.flatMap((segment) => segment.body)) {
        if (x.op === "host") host.add(x.index);
        if (x.op === "scalar") scalars.add(x.index);
      }
      for (const { scalar, add } of step.segments.flatMap((segment) => segment.totals))
        if (add) scalars.add(scalar);
    }
    if (step.kind !== "scalars") continue;
    const own = new Set(step.body.map(({ scalar }) => scalar));
    const read = (scalar: number) => own.has(scalar) || scalars.add(scalar);
    for (const { instruction: x } of step.body) {
      if (x.op === "host") host.add(x.index);
      if (x.op === "scalar") read(x.index);
      if ("inputs" in x) x.inputs.forEach(read);
    }
    for (const { scalar } of step.stores) read(scalar);
  }
  return { host, scalars };
}
