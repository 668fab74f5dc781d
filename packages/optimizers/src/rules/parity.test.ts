import { readFileSync } from "node:fs";
import { js, reference } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { readmeTables } from "../readme-table.fixture.js";
import {
  type Case,
  deviation,
  deviationFrom,
  deviationOnJs,
  type Fixture,
  fixtures,
  replay,
  runOf,
} from "../trajectories.fixture.js";

/** Fixtures of rules; those of transforms and wrappers have a base. `compat-adam` is another one of `adam`. */
const recorded = fixtures.filter(({ cases }) => cases[0]!.base === undefined);
const ruleOf = ({ rule }: Fixture) => rule.replace(/^compat-/, "");

/** Recorded for whoever gives core an operator for eigenvectors: both rules need those of a symmetric matrix. */
const without = ["shampoo", "soap"];

const make = (fixture: Fixture, { hyper, options }: Case) =>
  catalogue.rules[ruleOf(fixture)]!({ ...hyper, ...options });
const cases = recorded
  .filter((fixture) => !without.includes(fixture.rule))
  .flatMap((fixture) =>
    fixture.cases.map((one) => ({ title: `${fixture.rule}, ${one.name}`, fixture, one })),
  );
/** Of each fixture the first case and the last, which has every option on. */
const some = cases.filter(({ fixture, one }) => one === fixture.cases[0] || one === fixture.cases.at(-1));

describe("recorded trajectories and rules", () => {
  it("have each other", () => {
    const rules = new Set(recorded.map(ruleOf).filter((rule) => !without.includes(rule)));
    expect([...rules].sort()).toEqual(Object.keys(catalogue.rules).sort());
  });

  it.each(recorded.filter(({ rule }) => !without.includes(rule)))(
    "have the same hyper-parameters with the same defaults: $rule",
    (fixture) => {
      const [{ hyper, options }] = fixture.cases as [Case];
      const rule = catalogue.rules[ruleOf(fixture)]!(options);
      // A learning rate that a library leaves to the user is the recorder's own choice; JSON has no infinity.
      const { learningRate, growthRate, ...settings } = rule.settings;
      const { learningRate: given, ...others } = hyper;
      const counts = Object.entries(rule.options).filter(([, value]) => typeof value === "number");
      const partner = Object.entries(fixture.partner?.hyper ?? {}).map(([key, value]) => [
        `partner.${key}`,
        value,
      ]);
      expect({ ...settings, ...Object.fromEntries(counts) }).toEqual({
        ...others,
        ...Object.fromEntries(partner),
      });
      if (options.compat !== "optax") expect(learningRate).toBe(given);
    },
  );
});

describe("rules, within 1e-12 of what was recorded in float64", () => {
  it.each(cases)("on js: $title", ({ fixture, one }) => {
    expect(deviationOnJs(catalogue.rules[ruleOf(fixture)]!, fixture, one)).toBeLessThanOrEqual(1e-12);
  });

  it.each(some)("on reference: $title", ({ fixture, one }) => {
    const run = runOf(fixture);
    const made = replay(make(fixture, one), run, one.steps, { engine: reference() });
    expect(deviationFrom(one, made, run)).toBeLessThanOrEqual(1e-12);
  });
});

/**
 * Prodigy and DoG divide by their first estimate of a distance: float32 must resolve that much of a parameter, and what
 * it rounds off, it rounds off their step sizes.
 */
const float32: Readonly<
  Record<string, { readonly bound: number; readonly isResolved: (one: Case) => boolean }>
> = {
  prodigy: { bound: 1e-3, isResolved: ({ hyper }) => hyper.d0! >= 1e-3 },
  dog: { bound: 1e-5, isResolved: ({ hyper }) => hyper.repsRel! >= 1e-2 },
};

describe("rules, within 1e-5 of float64 in float32", () => {
  const resolved = some.filter(({ fixture, one }) => float32[fixture.rule]?.isResolved(one) ?? true);
  it.each(resolved)("on js: $title", ({ fixture, one }) => {
    const run = runOf(fixture);
    const made = replay(make(fixture, one), run, one.steps, { engine: js(), dtype: "float32" });
    const bound = float32[fixture.rule]?.bound ?? 1e-5;
    expect(deviation(one.trajectory, made.trajectory, run)).toBeLessThanOrEqual(bound);
  });
});

describe("the README", () => {
  const path = new URL("../../README.md", import.meta.url);
  const tables = /(?<=<!-- tables[^>]*-->\n)[\s\S]*(?=\n<!-- end of tables -->)/;

  it("has these figures in its tables (npm run readme writes them)", async () => {
    const readme = readFileSync(path, "utf8");
    expect(readme).toMatch(tables);
    await expect(readme.replace(tables, () => readmeTables())).toMatchFileSnapshot(path.pathname);
  });
});
