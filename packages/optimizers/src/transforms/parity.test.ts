import { chain, js, reference } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { deviation, fixtures, replay, runOf } from "../trajectories.fixture.js";
import * as transforms from "./index.js";

const byName = new Map(Object.values(transforms).map((make) => [make.definition.name, make]));
const recorded = fixtures
  .filter(({ rule }) => byName.has(rule))
  .flatMap((fixture) =>
    fixture.cases.map((one) => ({ title: `${fixture.rule}, ${one.name}`, fixture, one })),
  );

describe.each(recorded)("$title", ({ fixture, one }) => {
  it.each([js(), reference()])("is what was recorded, in float64 on $name", (engine) => {
    const { epsilon: minNorm, ...hyper } = one.hyper;
    const renamed = fixture.rule === "adaptive-clip" ? { ...hyper, minNorm } : one.hyper;
    const transform = byName.get(fixture.rule)!({ ...renamed, ...one.options } as never);
    const base = catalogue.rules[one.base!.rule]!({ ...one.base!.hyper, ...one.base!.options });
    const run = runOf(one);
    const made = replay(chain(transform, base), run, one.steps, { engine });
    expect(deviation(one.trajectory, made.trajectory, run)).toBeLessThanOrEqual(1e-12);
  });
});
