import type { RunRecord } from "../record/run-record.js";

/** Runs whose figures can be compared: of the same data and target, or the same objective. */
export interface RunGroup {
  readonly title: string;
  /** Their places in the report. */
  readonly runs: readonly number[];
}

/** Each run in one group, in the order in which they begin. */
export function runGroups(records: readonly RunRecord[]): RunGroup[] {
  const groups = new Map<string, { title: string; runs: number[] }>();
  records.forEach(({ start }, run) => {
    const { name = "unknown", target = "" } = start?.data ?? {};
    const key = JSON.stringify([name, target]);
    const group = groups.get(key) ?? { title: target ? `${name}: ${target}` : name, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  });
  return [...groups.values()];
}
