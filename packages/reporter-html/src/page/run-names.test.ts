import type { RunStart } from "@downhill/core/train";
import { describe, expect, test } from "vitest";
import { classifierRun } from "../fixtures/runs.js";
import { createRecord, type RunRecord } from "../record/run-record.js";
import { runGroups } from "./run-groups.js";
import { runNames } from "./run-names.js";

const [plain] = classifierRun() as [RunStart];
const run = (change: Partial<RunStart> = {}): RunRecord => ({
  ...createRecord(),
  start: { ...plain, run: `mlp adamw ${change.time ?? plain.time}`, ...change },
});
const hyper = (learningRate: number) => ({ optimizer: { ...plain.optimizer, hyper: { learningRate } } });

describe("a run's name", () => {
  test("is its own, without the time", () => {
    expect(runNames([run()])).toEqual(["mlp adamw"]);
    expect(runNames([run(), run({ run: "mine" }), createRecord()])).toEqual(["mlp adamw", "mine", "run 3"]);
  });

  test.each<[string, RunRecord[], string[]]>([
    [
      "the data",
      [run(), run({ data: { ...plain.data, name: "moons" } })],
      ["mlp adamw (on digits)", "mlp adamw (on moons)"],
    ],
    [
      "the settings",
      [run(hyper(0.1)), run(hyper(0.01)), run({ ...hyper(0.01), seed: 7 })],
      [
        "mlp adamw (learningRate 0.1, seed 1)",
        "mlp adamw (learningRate 0.01, seed 1)",
        "mlp adamw (learningRate 0.01, seed 7)",
      ],
    ],
    [
      "the time",
      [run({ time: "2026-11-22T10:00:00.000Z" }), run({ time: "2026-11-22T10:05:00.000Z" })],
      ["mlp adamw (10:00:00)", "mlp adamw (10:05:00)"],
    ],
    [
      "the day",
      [run({ time: "2026-11-22T10:00:00.000Z" }), run({ time: "2026-11-23T10:00:00.000Z" })],
      ["mlp adamw (2026-11-22 10:00:00)", "mlp adamw (2026-11-23 10:00:00)"],
    ],
    ["nothing but its place", [run(), run()], ["mlp adamw (1)", "mlp adamw (2)"]],
  ])("is told from its twins by %s", (_, runs, names) => {
    expect(runNames(runs)).toEqual(names);
  });
});

test("runs of the same data and target are one group, others another", () => {
  const onTarget = (target: string) => run({ data: { ...plain.data, target } });
  const valley = run({ data: { name: "rosenbrock", rows: 0, features: [], target: "" } });
  expect(runGroups([valley, onTarget("a"), valley, onTarget("b"), onTarget("a"), createRecord()])).toEqual([
    { title: "rosenbrock", runs: [0, 2] },
    { title: "digits: a", runs: [1, 4] },
    { title: "digits: b", runs: [3] },
    { title: "unknown", runs: [5] },
  ]);
});
