import { readdirSync, readFileSync } from "node:fs";
import { bind, type Data, type Engine, js, type Make, type Rule, tensor } from "@downhill/core";

/** Recorded trajectories of independent implementations: fixtures/README.md. */
export interface Fixture {
  readonly rule: string;
  readonly source: string;
  /** The rule for tensors that are not matrices. */
  readonly partner?: Pick<Case, "hyper"> & { readonly rule: string };
  readonly cases: readonly Case[];
}

export interface Case {
  readonly name: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly options: Readonly<Record<string, boolean | string>>;
  /** The rule that a transform or a wrapper is composed with. */
  readonly base?: Pick<Case, "hyper" | "options"> & { readonly rule: string };
  /** How the run differs from the recorded one. */
  readonly on?: Changes;
  readonly steps: readonly number[];
  readonly trajectory: Trajectory;
  readonly view?: Trajectory;
  /** By how much the same implementation deviates in float32, where that is more than 1e-5. */
  readonly float32?: number;
}

/** Factors of the start and of the gradients, and the step, from 1, whose gradient and value come first. */
interface Changes {
  readonly parameters?: number;
  readonly gradients?: number;
  readonly first?: number;
}

/** By parameter: the numbers after each recorded step, row-major. */
export type Trajectory = Readonly<Record<string, readonly (readonly number[])[]>>;

export interface Run {
  readonly parameters: Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;
  readonly gradients: readonly Readonly<Record<string, readonly number[]>>[];
  readonly values: readonly number[];
}

const folder = new URL("../fixtures/", import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

/** Every recorded rule, transform and wrapper. */
export const fixtures: readonly Fixture[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map(read)
  .filter((content) => "rule" in content);

/** All that was recorded of a rule, under the conventions of other libraries as well; the defaults first. */
export function casesOf(name: string): readonly Case[] {
  return [name, `compat-${name}`].flatMap((file) => fixtures.find(({ rule }) => rule === file)?.cases ?? []);
}

const recordedRun: Run = read("gradients.json");

/** The run that a case was recorded on. */
export function runOf({ on }: Pick<Case, "on">): Run {
  if (!on) return recordedRun;
  const { parameters, gradients, values } = recordedRun;
  const { parameters: ofParameters = 1, gradients: ofGradients = 1, first = 1 } = on;
  const begun = <T>(list: readonly T[]) => [...list.slice(first - 1), ...list.slice(0, first - 1)];
  const times = (list: readonly number[], factor: number) => list.map((x) => x * factor);
  return {
    parameters: mapValues(parameters, ({ shape, data }) => ({ shape, data: times(data, ofParameters) })),
    gradients: begun(gradients).map((all) => mapValues(all, (list) => times(list, ofGradients))),
    values: begun(values),
  };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

interface Replay {
  readonly engine: Engine<"sync">;
  readonly dtype?: "float64" | "float32";
}

/** The trajectory of a rule on the recorded gradients, at the recorded steps. */
export function replay(
  rule: Rule<any>,
  { parameters, gradients, values }: Run,
  steps: readonly number[],
  { engine, dtype = "float64" }: Replay,
): { readonly trajectory: Trajectory; readonly view: Trajectory } {
  const Floats = dtype === "float64" ? Float64Array : Float32Array;
  const start = Object.entries(parameters).map(([name, { shape, data }]): [string, Data] => [
    name,
    tensor(Floats.from(data), shape),
  ]);
  const stepper = bind(rule, Object.fromEntries(start), { engine });
  const names = Object.keys(parameters);
  const trajectory = Object.fromEntries(names.map((name) => [name, [] as number[][]]));
  const view = Object.fromEntries(names.map((name) => [name, [] as number[][]]));
  for (let t = 1; t <= steps.at(-1)!; t++) {
    for (const name of names) stepper.gradients[name]!.data.set(gradients[t - 1]![name]!);
    stepper.step({ value: values[t - 1]! });
    if (!steps.includes(t)) continue;
    const seen = stepper.view();
    for (const name of names) {
      trajectory[name]!.push(Array.from(stepper.parameters[name]!.data));
      view[name]!.push(Array.from(seen[name]!.data));
    }
  }
  stepper.dispose();
  return { trajectory, view };
}

/** The largest deviation of a replay from what was recorded, of the view as well where there is one. */
export function deviationFrom(recorded: Case, made: Pick<Case, "trajectory" | "view">, run: Run): number {
  const ofTrajectory = deviation(recorded.trajectory, made.trajectory, run);
  return recorded.view ? Math.max(ofTrajectory, deviation(recorded.view, made.view!, run)) : ofTrajectory;
}

/**
 * How far a rule may be from what was recorded in float32: 1e-5, or twice as far as the implementation that recorded it.
 * That is more for Prodigy and DoG, which take p₀ - p: next to a p a million times as large, float32 holds little of
 * it. (From the origin, where p is that difference, they keep to 1e-5.) None where that implementation has not even the
 * first digit right in float32, so that there is nothing to compare.
 */
export function float32Bound({ float32 = 0 }: Case): number | undefined {
  return float32 < 0.1 ? Math.max(1e-5, 2 * float32) : undefined;
}

const onJs = new Map<Case, number>();

/** A rule's largest deviation from what was recorded, in float64 on js; measured once. */
export function deviationOnJs(make: Make<any, any, Rule<any>>, one: Case): number {
  if (!onJs.has(one)) {
    const run = runOf(one);
    const rule = make({ ...one.hyper, ...one.options });
    onJs.set(one, deviationFrom(one, replay(rule, run, one.steps, { engine: js() }), run));
  }
  return onJs.get(one)!;
}

/**
 * The largest deviation from a recorded trajectory: for each element at each step, the difference over the element's
 * largest magnitude from the start to that step. NaN where a number is missing or is none.
 */
export function deviation(recorded: Trajectory, made: Trajectory, { parameters }: Run): number {
  const deviations = Object.entries(recorded).flatMap(([name, rows]) => {
    const magnitude = parameters[name]!.data.map(Math.abs);
    return rows.flatMap((row, step) =>
      row.map((expected, i) => {
        magnitude[i] = Math.max(magnitude[i]!, Math.abs(expected));
        const difference = Math.abs(made[name]![step]![i]! - expected);
        return difference === 0 ? 0 : difference / magnitude[i]!;
      }),
    );
  });
  return Math.max(...deviations);
}
