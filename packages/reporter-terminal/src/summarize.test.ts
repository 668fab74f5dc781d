import { expect, test } from "vitest";
import { summarize } from "./summarize.js";
import { summaryTable } from "./summary-table.js";
import { epoch, runEnd, runStart, wholeRun } from "./testing/events.js";

test("makes a run's summary from its events", () => {
  const { curve, ...summary } = summarize(wholeRun());
  expect(summary).toEqual({
    name: "digits-1",
    status: runEnd.status,
    value: 0.25,
    metrics: runEnd.metrics,
    steps: 40,
    timeMs: 800,
  });
  expect(curve!.y).toHaveLength(40);
  expect(summaryTable([{ ...summary }])).toContain("digits-1");
});

test("names a run without the time of its default name, and counts evaluations where the run did", () => {
  const start = { ...runStart, run: "adam 2026-11-22T03:24:34.050Z" };
  const summary = summarize([start, { ...runEnd, evaluations: 1234 }]);
  expect(summary).toMatchObject({ name: "adam", evaluations: 1234 });
  expect(summaryTable([summary])).toMatch(/evaluations +1234/);
});

test("takes epochs for the curve where there were hardly any steps", () => {
  expect(summarize([runStart, epoch(1), epoch(2), runEnd]).curve).toEqual({ x: [10, 20], y: [1, 0.5] });
});

test("events that stop before the end are an error", () => {
  expect(() => summarize(wholeRun().slice(0, -1))).toThrow(
    'summarize: the events of run "digits-1" have no "run-end"',
  );
});
