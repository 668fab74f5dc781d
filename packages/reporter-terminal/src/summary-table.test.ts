import { describe, expect, test } from "vitest";
import { compareRuns } from "./compare-runs.js";
import type { RunSummary } from "./run-summary.js";
import { summaryTable } from "./summary-table.js";
import { displayWidth } from "./text.js";

const runs: RunSummary[] = [
  {
    name: "adam",
    status: {
      kind: "converged",
      criterion: "gradient",
      achieved: 8.1e-9,
      why: "the gradient norm is within 1e-8",
    },
    value: 0.125,
    steps: 1200,
    evaluations: 1201,
    timeMs: 42,
    curve: { y: [3, 1, 0.125] },
  },
  {
    name: "gradient-descent",
    status: { kind: "diverged", achieved: Number.NaN, why: "the value at step 3 is NaN" },
    value: "NaN",
    steps: 3,
    evaluations: 4,
    timeMs: 1,
    curve: { y: [3, 9, Number.NaN] },
  },
];

test("has status, figures, evaluations and time in columns, and why each run ended", () => {
  expect(summaryTable(runs)).toBe(
    [
      "run               status           loss  achieved  steps  evaluations   time",
      "────────────────────────────────────────────────────────────────────────────",
      "adam              ✔ converged  0.125000   8.10e-9   1200         1201  42 ms",
      "gradient-descent  ✖ diverged        NaN                3            4   1 ms",
      "",
      "adam: the gradient norm is within 1e-8",
      "gradient-descent: the value at step 3 is NaN",
    ].join("\n"),
  );
});

describe("columns", () => {
  test("that no run fills are left out", () => {
    const [run] = runs;
    const { evaluations: _, ...uncounted } = run!;
    expect(summaryTable([uncounted])).not.toContain("evaluations");
    expect(summaryTable([{ ...uncounted, value: 8.1e-9 }])).not.toContain("achieved");
  });

  test("for metrics are those that any run has", () => {
    const table = summaryTable(
      [
        { ...runs[0]!, metrics: { test: { accuracy: 0.975 } } },
        { ...runs[1]!, metrics: { test: { loss: "Infinity" } } },
      ],
      { width: 120 },
    );
    expect(table).toContain("test accuracy  test loss");
    expect(table).toContain("0.9750");
    expect(table).toContain("Infinity");
  });
});

test("too wide a table becomes a paragraph for each run: nothing is cut away", () => {
  const narrow = summaryTable(runs, { width: 40 });
  expect(narrow.split("\n").slice(0, 9)).toEqual([
    "run          adam",
    "status       ✔ converged",
    "loss         0.125000",
    "achieved     8.10e-9",
    "steps        1200",
    "evaluations  1201",
    "time         42 ms",
    "",
    "run          gradient-descent",
  ]);
});

test("is ASCII where there is nothing else, and coloured where there is colour", () => {
  expect(summaryTable(runs, { braille: false })).toMatch(/^[\x20-\x7e\n]+$/);
  const colored = summaryTable(runs, { color: 1 });
  expect(colored).toContain("\x1b[32m✔ converged\x1b[39m");
  expect(colored).toContain("\x1b[31m✖ diverged\x1b[39m");
});

test("names and reasons are made safe", () => {
  const evil = "\x1b[2J\u202e";
  const table = summaryTable([{ ...runs[0]!, name: evil, status: { ...runs[0]!.status, why: evil } }]);
  expect(table).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(table).toContain("\\x1b[2J\\u{202e}");
});

describe("compareRuns", () => {
  test("lays the curves over each other, above the table", () => {
    const picture = compareRuns(runs, { width: 80, height: 10 });
    expect(picture.split("\n")[0]).toBe("loss   ⠒⠒ adam 0.1250   ⠒ ⠒ gradient-descent 9");
    expect(picture).toContain(summaryTable(runs));
    for (const line of picture.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test("is the table alone where no run has a curve", () => {
    const bare = runs.map(({ curve: _, ...run }) => run);
    expect(compareRuns(bare)).toBe(summaryTable(bare));
  });
});
