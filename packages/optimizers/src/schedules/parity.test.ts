import { readFileSync } from "node:fs";
import type { Setting } from "@downhill/core";
import { describe, expect, it } from "vitest";
import {
  chebyshev,
  constant,
  cosine,
  cosineRestarts,
  cyclic,
  exponential,
  inverseSqrt,
  inverseTime,
  linear,
  multiplicative,
  multistep,
  noam,
  oneCycle,
  piecewiseConstant,
  plateau,
  polynomial,
  rex,
  schedules,
  step,
  tanhDecay,
  warmup,
  wsd,
} from "./index.js";

interface Recorded {
  readonly name: string;
  readonly source: string;
  readonly arguments: any;
  readonly values: readonly number[];
  readonly metrics?: readonly number[];
}

const file = new URL("../../fixtures/schedules.json", import.meta.url);
const recorded: readonly Recorded[] = JSON.parse(readFileSync(file, "utf8")).schedules;

/** How each recorded schedule is written here: constant factors and later beginnings by `then`. */
const written: Readonly<Record<string, (given: any) => Setting>> = {
  constant: ({ learningRate }) => constant(learningRate),
  "constant-factor": ({ learningRate, factor, steps }) =>
    constant(factor * learningRate).then(learningRate, steps),
  step: ({ learningRate, ...rest }) => step(learningRate, rest),
  multistep: ({ learningRate, ...rest }) => multistep(learningRate, rest),
  "piecewise-constant": ({ learningRate, ...rest }) => piecewiseConstant(learningRate, rest),
  exponential: ({ learningRate, transitionBegin, ...rest }) =>
    later(learningRate, exponential(learningRate, rest), transitionBegin),
  "inverse-time": ({ learningRate, ...rest }) => inverseTime(learningRate, rest),
  "inverse-sqrt": ({ learningRate, warmupSteps, timescale }) =>
    timescale === undefined
      ? noam(learningRate, { warmupSteps })
      : warmup(warmupSteps, inverseSqrt(learningRate, { timescale })),
  polynomial: ({ learningRate, transitionBegin, ...rest }) =>
    later(learningRate, polynomial(learningRate, rest), transitionBegin),
  linear: ({ learningRate, ...rest }) => linear(learningRate, rest),
  "linear-factor": ({ learningRate, startFactor, endFactor, steps }) =>
    linear(learningRate * startFactor, { endValue: learningRate * endFactor, steps }),
  cosine: ({ learningRate, ...rest }) => cosine(learningRate, rest),
  "cosine-restarts": ({ learningRate, ...rest }) => cosineRestarts(learningRate, rest),
  "warmup-cosine": ({ initialValue, learningRate, warmupSteps, steps, endValue }) =>
    warmup(warmupSteps, cosine(learningRate, { steps: "run", endValue }), { initialValue }).forRun!(steps),
  "warmup-exponential": ({ initialValue, learningRate, warmupSteps, ...rest }) =>
    warmup(warmupSteps, exponential(learningRate, rest), { initialValue }),
  "warmup-constant": ({ initialValue, learningRate, warmupSteps }) =>
    warmup(warmupSteps, learningRate, { initialValue }),
  "warmup-linear": ({ initialValue, learningRate, warmupSteps, steps, endValue }) =>
    warmup(warmupSteps, linear(learningRate, { steps: "run", endValue }), { initialValue }).forRun!(steps),
  "one-cycle": ({ maxLearningRate, divFactor, finalDivFactor, ...rest }) =>
    oneCycle(maxLearningRate, {
      ...rest,
      initialValue: maxLearningRate / divFactor,
      endValue: maxLearningRate / divFactor / finalDivFactor,
    }),
  "one-cycle-optax": ({ maxLearningRate, divFactor: _, finalDivFactor: __, ...rest }) =>
    oneCycle(maxLearningRate, { ...rest, convention: "optax" }),
  "one-cycle-momentum": ({ baseMomentum, maxMomentum, ...rest }) =>
    oneCycle(baseMomentum, { ...rest, initialValue: maxMomentum, endValue: maxMomentum }),
  cyclic: ({ learningRate, maxLearningRate, ...rest }) =>
    cyclic(learningRate, { ...rest, maxValue: maxLearningRate }),
  wsd: ({ learningRate, stableSteps, ...rest }) =>
    wsd(learningRate, { ...rest, steps: rest.warmupSteps + stableSteps + rest.decaySteps }),
  rex: ({ learningRate, ...rest }) => rex(learningRate, rest),
  tanh: ({ learningRate, ...rest }) => tanhDecay(learningRate, rest),
  chebyshev: ({ learningRate, ...rest }) => chebyshev(learningRate, rest),
  multiplicative: ({ learningRate, factors }) => multiplicative(learningRate, (t) => factors[t - 1]),
  lambda: ({ learningRate, factors }) => constant(learningRate).times((t) => factors[t]),
  join: ({ parts: [a, b, c], boundaries: [first, second] }) =>
    part(a).then(part(b), first).then(part(c), second),
  product: ({ parts: [a, b] }) => part(a).times(part(b)),
};

function later(value: number, schedule: Setting, begin: number | undefined): Setting {
  return begin === undefined ? schedule : constant(value).then(schedule, begin);
}

function part({ name, arguments: given }: Recorded): any {
  return written[name]!(given);
}

describe.each(recorded.map((one, i) => ({ ...one, title: `${i} ${one.name} of ${one.source}` })))(
  "$title",
  (one) => {
    it("is what was recorded, at every step", () => {
      const largest = Math.max(...one.values.map(Math.abs));
      const made = one.metrics ? observed(one) : one.values.map((_, t) => part(one)(t));
      made.forEach((value: number, t: number) => {
        expect(Math.abs(value - one.values[t]!) / largest, `step ${t}`).toBeLessThanOrEqual(1e-13);
      });
      expect(made).toHaveLength(one.values.length);
    });
  },
);

function observed({ arguments: { learningRate, minLearningRate, ...rest }, metrics }: Recorded): number[] {
  const schedule = plateau(learningRate, { ...rest, minValue: minLearningRate });
  return metrics!.map((metric) => {
    schedule.observe(metric);
    return schedule(0);
  });
}

it("every schedule is compared with a recorded one", () => {
  const used = new Set(["plateau"]);
  for (const one of recorded.filter(({ metrics }) => !metrics)) {
    collect(JSON.parse(JSON.stringify(part(one))), used);
  }
  expect([...used].filter((name) => name in schedules).sort()).toEqual(Object.keys(schedules).sort());
});

function collect(json: any, names: Set<string>): void {
  if (typeof json !== "object" || json === null) return;
  if (json.schedule) names.add(json.schedule);
  for (const value of Object.values(json)) collect(value, names);
}
