import type { RunRecord } from "../record/run-record.js";

/** A name for each run that no other has: the run's own, with a number where several share it. */
export function runNames(runs: readonly RunRecord[]): string[] {
  const seen = new Map<string, number>();
  return runs.map(({ start }, i) => {
    const name = start?.run || `run ${i + 1}`;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
