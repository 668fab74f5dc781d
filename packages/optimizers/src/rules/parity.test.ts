import { readFileSync } from "node:fs";
import { type Engine, js, reference } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { readmeTables, readmeUpdates } from "../readme-table.fixture.js";
import {
  type Case,
  deviationFrom,
  deviationOnJs,
  type Fixture,
  fixtures,
  float32Bound,
  replay,
  runOf,
} from "../trajectories.fixture.js";

/** Fixtures of rules; those of transforms and wrappers have a base. `compat-adam` is another one of `adam`. */
const recorded = fixtures.filter(({ cases }) => cases[0]!.base === undefined);
const ruleOf = ({ rule }: Fixture) => rule.replace(/^compat-/, "");

const make = (fixture: Fixture, { hyper, options }: Case) =>
  catalogue.rules[ruleOf(fixture)]!({ ...hyper, ...options });
const cases = recorded.flatMap((fixture) =>
  fixture.cases.map((one) => ({ title: `${fixture.rule}, ${one.name}`, fixture, one })),
);
/** Of each fixture the first case and the last, which has every option on. */
const some = cases.filter(({ fixture, one }) => one === fixture.cases[0] || one === fixture.cases.at(-1));

describe("recorded trajectories and rules", () => {
  it("have each other", () => {
    const rules = new Set(recorded.map(ruleOf));
    expect([...rules].sort()).toEqual(Object.keys(catalogue.rules).sort());
  });

  it.each(recorded)("have the same hyper-parameters with the same defaults: $rule", (fixture) => {
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
  });
});

describe("rules, within 1e-12 of what was recorded in float64", () => {
  it.each(cases)("on js: $title", ({ fixture, one }) => {
    expect(deviationOnJs(catalogue.rules[ruleOf(fixture)]!, one)).toBeLessThanOrEqual(1e-12);
  });

  it.each(some)("on reference: $title", ({ fixture, one }) => {
    const run = runOf(one);
    const made = replay(make(fixture, one), run, one.steps, { engine: reference() });
    expect(deviationFrom(one, made, run)).toBeLessThanOrEqual(1e-12);
  });
});

describe("rules, within their bound of float64 in float32", () => {
  const bounded = (list: typeof cases) =>
    list.flatMap((entry) => {
      const bound = float32Bound(entry.one);
      return bound === undefined ? [] : [{ ...entry, bound }];
    });
  const measured = (fixture: Fixture, one: Case, engine: Engine<"sync">) => {
    const run = runOf(one);
    return deviationFrom(one, replay(make(fixture, one), run, one.steps, { engine, dtype: "float32" }), run);
  };

  it.each(bounded(cases))("$bound on js: $title", ({ fixture, one, bound }) => {
    expect(measured(fixture, one, js())).toBeLessThanOrEqual(bound);
  });

  it.each(bounded(some))("$bound on reference: $title", ({ fixture, one, bound }) => {
    expect(measured(fixture, one, reference())).toBeLessThanOrEqual(bound);
  });

  it("is 1e-5 from the origin for those that take p0 - p", () => {
    const wide = new Set(recorded.filter((fixture) => fixture.cases.some((one) => one.float32)));
    expect([...wide].map(({ rule }) => rule)).toEqual(["dog", "prodigy"]);
    for (const fixture of wide) {
      const bounds = fixture.cases.filter(({ on }) => on?.parameters === 0).map(float32Bound);
      expect(bounds).toEqual([1e-5, 1e-5]);
    }
  });
});

describe("the README", () => {
  const path = new URL("../../README.md", import.meta.url);
  const tables = /(?<=<!-- tables[^>]*-->\n)[\s\S]*(?=\n<!-- end of tables -->)/;
  const updates = /(?<=<!-- updates[^>]*-->\n)[\s\S]*(?=\n<!-- end of updates -->)/;

  it("has these figures in its tables, and these updates (npm run readme writes them)", async () => {
    const readme = readFileSync(path, "utf8");
    expect(readme).toMatch(tables);
    expect(readme).toMatch(updates);
    const current = readme.replace(tables, () => readmeTables()).replace(updates, () => readmeUpdates());
    await expect(current).toMatchFileSnapshot(path.pathname);
  });
});
