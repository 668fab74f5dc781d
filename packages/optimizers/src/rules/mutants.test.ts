import { type Hyper, js, type Rule } from "@downhill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { mistakesOf, mutant } from "../mutants.fixture.js";
import { pointsOf, runs } from "../random-runs.fixture.js";
import { type Case, casesOf, deviation, deviationFrom, replay, runOf } from "../trajectories.fixture.js";

/** The mistakes that are none: what becomes of the update, and why that is the same. */
const harmless: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  came: {
    "1 changed in sub(1, beta3)": "R times a constant, and R / mean(R) is all that is used of it",
    "beta3 changed in sub(1, beta3)": "R times a constant",
    "sign flipped in add(mul, mul), place 4": "R times -1",
  },
  "dadapt-adam": {
    "1 changed in sub(1, sqrt)": "s and with it r times a constant, and only r / ‖s‖ is used of them",
    "sign flipped in sub(1, sqrt)": "s and r times a constant",
  },
  grams: { "sign flipped in add(mul, mul)": "m times -1, and only |m| is used of it" },
  lars: { "momentum changed in eq(momentum, 0)": "0 times 1.001 is 0" },
  polyak: { "0 changed in where(eq, 0, minimum)": "another factor of a gradient that is 0" },
  prodigy: {
    "sign flipped in add(mul, mul), place 3": "s times -1, and only ‖s‖ is used of it",
    "0 changed in where(eq, 0, mul)": "another number below 1, and the largest k so far is at least 1",
  },
  rmsprop: { "sign flipped in add(mul, mul), place 2": "a times -1, and only a² is used of it" },
  "schedule-free-adamw": {
    "0 changed in where(eq, 0, div)":
      "another weight of z, which is where the average is while all rates are 0",
  },
  "schedule-free-sgd": { "0 changed in where(eq, 0, div)": "another weight of z, which is the average" },
  sgd: { "momentum changed in eq(momentum, 0)": "0 times 1.001 is 0, and nothing else is" },
  sgdw: { "momentum changed in eq(momentum, 0)": "0 times 1.001 is 0" },
  signum: {
    "1 changed in sub(1, beta)": "m times a positive constant, and only its sign is used",
    "beta changed in sub(1, beta)": "m times a positive constant",
  },
  tiger: {
    "1 changed in sub(1, beta)": "m times a positive constant, and only its sign is used",
    "beta changed in sub(1, beta)": "m times a positive constant",
  },
};

const made = (name: string, { hyper, options }: Pick<Case, "hyper" | "options">): Rule<any> =>
  catalogue.rules[name]!({ ...hyper, ...options });

/** Whether a rule fails the parity that the right one passes. */
function fails(one: Case, rule: Rule<any>): boolean {
  const run = runOf(one);
  return !(deviationFrom(one, replay(rule, run, one.steps, { engine: js() }), run) <= 1e-12);
}

const shapes = Object.fromEntries(
  Object.entries(runOf({}).parameters).map(([name, { shape }]) => [name, shape]),
);

/** The recorded cases in which each mistake can be made, those with every option first. */
function placesOf(name: string): ReadonlyMap<string, readonly Case[]> {
  const places = new Map<string, Case[]>();
  const titles = new Map<string, readonly string[]>();
  for (const one of [...casesOf(name)].reverse()) {
    const options = JSON.stringify(one.options);
    if (!titles.has(options)) titles.set(options, mistakesOf(made(name, one), shapes));
    for (const title of titles.get(options)!) places.set(title, [...(places.get(title) ?? []), one]);
  }
  return places;
}

describe.each(Object.keys(catalogue.rules))("%s", (name) => {
  it("fails parity with any small mistake", { timeout: 30_000 }, () => {
    const places = placesOf(name);
    expect(places.size).toBeGreaterThan(0);
    const survivors = [...places].filter(
      ([title, cases]) => !cases.some((one) => fails(one, mutant(made(name, one), title))),
    );
    expect(survivors.map(([title]) => title).sort()).toEqual(Object.keys(harmless[name] ?? {}).sort());
  });
});

/** Hyper-parameters somewhere about their defaults, within their ranges. */
function settingsOf(name: string): fc.Arbitrary<Readonly<Record<string, number>>> {
  const hyper = Object.entries<Hyper>(catalogue.rules[name]!.definition.hyper);
  return fc.record(
    Object.fromEntries(
      hyper.map(([key, { default: initial, min, max, below }]) => {
        const most = below === undefined ? (max ?? Number.POSITIVE_INFINITY) : 0.99 * below;
        const among = [initial, 0.5 * initial, 2 * initial, 0.3, 0.9, 1.5];
        return [key, fc.constantFrom(...among.filter((x) => x >= (min ?? 1e-9) && x <= most))];
      }),
    ),
  );
}

describe.each(
  Object.entries(harmless).flatMap(([name, titles]) =>
    Object.entries(titles).map(([title, why]) => ({ name, title, why })),
  ),
)("$name: $title", ({ name, title, why }) => {
  it(`changes nothing: ${why}`, () => {
    for (const options of new Set(casesOf(name).map((one) => JSON.stringify(one.options)))) {
      fc.assert(
        fc.property(settingsOf(name), runs, (hyper, run) => {
          const rule = made(name, { hyper, options: JSON.parse(options) });
          const [right, wrong] = [pointsOf(rule, run), pointsOf(mutant(rule, title), run)];
          expect(deviation(right.trajectory, wrong.trajectory, run)).toBeLessThanOrEqual(1e-9);
        }),
        { numRuns: 5 },
      );
    }
  });
});
