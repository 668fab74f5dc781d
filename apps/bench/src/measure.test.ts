import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { js } from "@downhill/core";
import { describe, expect, it, vi } from "vitest";
import { type Case, cases, parts } from "./cases.js";
import type { Child } from "./child.js";
import { measure, median } from "./measure.js";
import { reporterCases } from "./reporters/cases.js";
import { startDigitsRun } from "./reporters/digits-run.js";
import { numbers, sampled } from "./spec.js";

const step: Case = { part: "step", name: "a step", spec: { kind: "descent" }, tolerance: 1e-3 };
/** A participant whose steps take so many milliseconds. */
const participant = (name: string, ms: number, result?: readonly number[]): Child =>
  ({
    name,
    prepare: async () => ({ ready: true }),
    run: async (times: number) => times * ms,
    result: async () => result,
  }) as Partial<Child> as Child;

describe("the benchmark", () => {
  it("takes the middle of its times", () => {
    expect(median([5, 1, 100])).toBe(5);
  });

  it("gives every participant the same numbers, centred on 0", () => {
    const x = numbers(3, 20011);
    expect(x[0]).toBeCloseTo(((3 * 104729) % 20011) / 20011 - 0.5, 15);
    expect(Math.abs(x.reduce((a, b) => a + b, 0))).toBeLessThan(1);
  });

  it("gives one row for each engine and peer, whose ratio is the peer's time in ours", async () => {
    const peers = [participant("loop", 3, [1, 2]), participant("copy", 1)];
    const rows = await measure(step, [participant("wasm", 2, [1, 2.001])], peers);
    const base = { case: "a step", engine: "wasm", oursMs: 2, correct: true };
    expect(rows).toEqual([
      { ...base, peer: "loop", peerMs: 3, ratio: 1.5, spread: [1.5, 1.5] },
      { ...base, peer: "copy", peerMs: 1, ratio: 0.5, spread: [0.5, 0.5] },
    ]);
  });

  it.each([[[1, 2.003]], [[1, Number.NaN]], [[1]], [[1, 2, 3]]])(
    "says that %j is not 1, 2",
    async (result) => {
      const peers = [participant("loop", 3, [1, 2])];
      expect((await measure(step, [participant("wasm", 2, result)], peers))[0]?.correct).toBe(false);
    },
  );

  it("compares all of short results and numbers from all over long ones", () => {
    expect(sampled(Float32Array.of(1, 2, 3))).toEqual([1, 2, 3]);
    const taken = sampled(Array.from({ length: 1201 }, (_, i) => i));
    expect(taken.slice(0, 3)).toEqual([0, 3, 6]);
    expect(taken.at(-1)).toBe(1200);
  });

  it("has cases in every part, with names of their own", () => {
    expect(new Set(cases.map(({ part }) => part))).toEqual(new Set(parts));
    expect(new Set(cases.map(({ name, part }) => `${part} ${name}`)).size).toBe(cases.length);
  });

  it("tells what a reporter costs by the steps of the same training", async () => {
    const heard = vi.fn();
    const run = startDigitsRun(js(), [
      { name: "all", steps: "always", on: ({ type }) => void (type === "step" && heard()) },
    ]);
    const [none, turn] = [await run.take(0), await run.take(20)];
    const told = heard.mock.calls.length;
    await run.end();
    // Turns end where an epoch does, of 57 steps.
    expect([none.steps, turn.steps % 57]).toEqual([57, 0]);
    expect(told).toBe(none.steps + turn.steps);
    expect(turn.ms).toBeGreaterThanOrEqual(20);
    const folder = mkdtempSync(join(tmpdir(), "downhill-bench-"));
    const cases = reporterCases(folder);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    for (const { make } of cases) {
      const reported = startDigitsRun(js(), make());
      await reported.take(0);
      await reported.end();
    }
    rmSync(folder, { recursive: true });
  });
});
