import { js, type Rule, reference } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { deviation, fixtures, replay, runOf } from "../trajectories.fixture.js";
import * as wrappers from "./index.js";

type Wrap = (rule: Rule<any>, settings: object) => Rule<any>;
const byName = new Map(Object.values(wrappers).map((wrap) => [wrap.definition.name, wrap as Wrap]));
const recorded = fixtures
  .filter(({ rule }) => byName.has(rule))
  .flatMap((fixture) =>
    fixture.cases.map((one) => ({ title: `${fixture.rule}, ${one.name}`, fixture, one })),
  );

describe.each(recorded)("$title", ({ fixture, one }) => {
  it.each([js(), reference()])("is what was recorded, in float64 on $name", (engine) => {
    const base = catalogue.rules[one.base!.rule]!({ ...one.base!.hyper, ...one.base!.options });
    const rule = byName.get(fixture.rule)!(base, { ...one.hyper, ...one.options });
    const run = runOf(one);
    const made = replay(rule, run, one.steps, { engine });
    expect(deviation(one.trajectory, made.trajectory, run)).toBeLessThanOrEqual(1e-12);
    if (one.view) expect(deviation(one.view, made.view, run)).toBeLessThanOrEqual(1e-12);
  });
});
