import { type Json, type RunStart, runLabel } from "@downhill/core/train";
import type { RunRecord } from "../record/run-record.js";

/** A short name for each run that no other has: its own, with what tells it from others of the same name. */
export function runNames(runs: readonly RunRecord[]): string[] {
  const names = runs.map(({ start }, i) => (start && runLabel(start)) || `run ${i + 1}`);
  for (const differences of [dataOf, settingsOf, timeOf, timeAndDayOf]) {
    for (const twins of twinsOf(names)) {
      const starts = twins.map((i) => runs[i]!.start);
      if (starts.some((start) => start === undefined)) continue;
      const parts = differences(starts as RunStart[]);
      if (new Set(parts).size > 1) for (const [k, i] of twins.entries()) names[i] += ` (${parts[k]!})`;
    }
  }
  for (const twins of twinsOf(names)) for (const [k, i] of twins.entries()) names[i] += ` (${k + 1})`;
  return names;
}

/** Places of the names that stand there more than once. */
function twinsOf(names: readonly string[]): number[][] {
  const places = new Map<string, number[]>();
  names.forEach((name, i) => {
    places.set(name, [...(places.get(name) ?? []), i]);
  });
  return [...places.values()].filter((twins) => twins.length > 1);
}

const dataOf = (starts: readonly RunStart[]) => starts.map(({ data }) => `on ${data.name}`);
const timeOf = (starts: readonly RunStart[]) => starts.map(({ time }) => time.slice(11, 19));
const timeAndDayOf = (starts: readonly RunStart[]) =>
  starts.map(({ time }) => time.slice(0, 19).replace("T", " "));

const mostSettings = 2;
const longest = 24;

/** The settings that differ, where they are few and short: `learningRate 0.01, seed 2`. */
function settingsOf(starts: readonly RunStart[]): string[] {
  const all = starts.map((start) => ({
    ...start.optimizer.options,
    ...start.optimizer.hyper,
    ...(typeof start.model.config === "object" ? start.model.config : {}),
    batchSize: start.plan.batchSize,
    seed: start.seed,
    engine: start.engine.name,
    dtype: start.engine.dtype,
  })) as Record<string, Json>[];
  const texts = (name: string) => all.map((settings) => textOf(settings[name]));
  const differing = [...new Set(all.flatMap((settings) => Object.keys(settings)))]
    .filter((name) => new Set(texts(name)).size > 1 && texts(name).every((text) => text.length <= longest))
    .slice(0, mostSettings);
  return all.map((settings) => differing.map((name) => `${name} ${textOf(settings[name])}`).join(", "));
}

const textOf = (value: Json | undefined): string =>
  value === undefined ? "default" : typeof value === "string" ? value : JSON.stringify(value);
