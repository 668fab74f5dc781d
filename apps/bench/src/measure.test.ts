import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { js } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { cases, parts } from "./cases.js";
import { median } from "./measure.js";
import { reporterCases } from "./reporters/cases.js";
import { stepsPerEpoch, stepTimes } from "./reporters/digits-run.js";
import { numbers } from "./spec.js";

describe("the benchmark", () => {
  it("takes the middle of its times", () => {
    expect(median([5, 1, 100])).toBe(5);
  });

  it("gives every participant the same numbers, centred on 0", () => {
    const x = numbers(3, 20011);
    expect(x[0]).toBeCloseTo(((3 * 104729) % 20011) / 20011 - 0.5, 15);
    expect(Math.abs(x.reduce((a, b) => a + b, 0))).toBeLessThan(1);
  });

  it("has cases in every part, with names of their own", () => {
    expect(new Set(cases.map(({ part }) => part))).toEqual(new Set(parts));
    expect(new Set(cases.map(({ name, part }) => `${part} ${name}`)).size).toBe(cases.length);
  });

  it("tells what a reporter costs by the steps of the same training", async () => {
    const times = await stepTimes(js(), 3, [{ name: "none", steps: "always", on() {} }]);
    expect(times).toHaveLength(3 * stepsPerEpoch);
    expect(times.every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true);
    const folder = mkdtempSync(join(tmpdir(), "downhill-bench-"));
    const cases = reporterCases(folder);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    for (const { make } of cases) await stepTimes(js(), 1, [make()]);
    rmSync(folder, { recursive: true });
  });
});
