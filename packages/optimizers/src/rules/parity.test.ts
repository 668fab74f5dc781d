import { js, reference } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { type Case, deviation, type Fixture, fixtures, replay, runOf } from "../trajectories.fixture.js";

/** Fixtures of rules, under the rule's name; those of transforms and wrappers have a base. */
const recorded = fixtures.filter(({ cases }) => cases[0]!.base === undefined);
const ruleOf = ({ rule }: Fixture) => rule.replace(/^compat-/, "");
const table = recorded.flatMap((fixture) =>
  fixture.cases.map((one) => ({ title: `${fixture.rule}, ${one.name}`, fixture, one })),
);
const make = (fixture: Fixture, { hyper, options }: Case) =>
  catalogue.rules[ruleOf(fixture)]!({ ...hyper, ...options });

describe("recorded trajectories and rules", () => {
  it("have each other", () => {
    expect([...new Set(recorded.map(ruleOf))].sort()).toEqual(Object.keys(catalogue.rules).sort());
  });
});

describe.each(table)("$title", ({ fixture, one }) => {
  const run = runOf(fixture);

  it.each([js(), reference()])("is what was recorded, in float64 on $name", (engine) => {
    const made = replay(make(fixture, one), run, one.steps, { engine });
    expect(deviation(one.trajectory, made.trajectory, run)).toBeLessThanOrEqual(1e-12);
    if (one.view) expect(deviation(one.view, made.view, run)).toBeLessThanOrEqual(1e-12);
  });
});
