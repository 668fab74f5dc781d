import { readdirSync, readFileSync } from "node:fs";
import { bind, type Data, type Engine, js, type Make, type Rule, tensor } from "@downhill/core";

/** Recorded trajectories of independent implementations: fixtures/README.md. */
export interface Fixture {
  readonly rule: string;
  readonly source: string;
  /** The rule for tensors that are not matrices. */
  readonly partner?: Pick<Case, "hyper"> & { readonly rule: string };
  /** File with start and gradients; gradients.json unless it says otherwise. */
  readonly gradients?: string;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly name: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly options: Readonly<Record<string, boolean | string>>;
  /** The rule that a transform or a wrapper is composed with. */
  readonly base?: Pick<Case, "hyper" | "options"> & { readonly rule: string };
  readonly steps: readonly number[];
  readonly trajectory: Trajectory;
  readonly view?: Trajectory;
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

const runs = new Map<string, Run>();

/** The run that a fixture was recorded on. */
export function runOf({ gradients = "gradients.json" }: Fixture): Run {
  if (!runs.has(gradients)) runs.set(gradients, read(gradients));
  return runs.get(gradients)!;
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

const onJs = new Map<Case, number>();

/** A rule's largest deviation from what was recorded, in float64 on js; measured once. */
export function deviationOnJs(make: Make<any, any, Rule<any>>, fixture: Fixture, one: Case): number {
  if (!onJs.has(one)) {
    const run = runOf(fixture);
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
