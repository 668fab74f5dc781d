import { catalogue } from "@downhill/optimizers";
import { describe, expect, it } from "vitest";
import {
  casesOf,
  deviationFrom,
  float32Bound,
  replay,
  runOf,
} from "../../optimizers/src/trajectories.fixture.js";
import { wasm } from "./wasm.js";

const engine = wasm({ fallback: false });

describe.each(Object.entries(catalogue.rules))("%s, as independent implementations have it", (name, make) => {
  const cases = casesOf(name);

  it("has been recorded", () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases)("in float64: $name", (one) => {
    const run = runOf(one);
    const made = replay(make({ ...one.hyper, ...one.options }), run, one.steps, { engine });
    expect(deviationFrom(one, made, run)).toBeLessThanOrEqual(1e-12);
  });

  it.each(cases.filter((one) => float32Bound(one) !== undefined))("in float32: $name", (one) => {
    const run = runOf(one);
    const made = replay(make({ ...one.hyper, ...one.options }), run, one.steps, { engine, dtype: "float32" });
    expect(deviationFrom(one, made, run)).toBeLessThanOrEqual(float32Bound(one)!);
  });
});
