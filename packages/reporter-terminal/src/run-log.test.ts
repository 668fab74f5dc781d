import { describe, expect, test } from "vitest";
import { createRunLog, curvesOf, plannedSteps, record, stepsPerSecond, timeLeftMs } from "./run-log.js";
import { epoch, runEnd, runStart, step, wholeRun } from "./testing/events.js";

function logOf(events: Parameters<typeof record>[1][]) {
  const log = createRunLog();
  for (const event of events) record(log, event);
  return log;
}

describe("pace", () => {
  test("is of the last five seconds of training, not of the clock", () => {
    // 100 steps at 10 a second, then 1000 at 100 a second: the last five seconds know only of the latter.
    const slow = Array.from({ length: 100 }, (_, i) => step(i + 1, { timeMs: 100 * (i + 1) }));
    const fast = Array.from({ length: 1000 }, (_, i) => step(101 + i, { timeMs: 10_000 + 10 * (i + 1) }));
    expect(stepsPerSecond(logOf(slow))).toBeCloseTo(10, 6);
    expect(stepsPerSecond(logOf([...slow, ...fast]))).toBeCloseTo(100, 6);
  });

  test("is not known from one moment", () => {
    expect(stepsPerSecond(logOf([runStart, step(1)]))).toBeUndefined();
    const idle = [runStart, step(1, { timeMs: 10 }), step(1, { timeMs: 20 })];
    expect(stepsPerSecond(logOf(idle))).toBeUndefined();
    expect(timeLeftMs(logOf([runStart, step(1)]))).toBeUndefined();
  });

  test("of a resumed run does not count the steps before", () => {
    const resumed = { ...runStart, from: 20 };
    expect(
      stepsPerSecond(logOf([resumed, step(21, { timeMs: 5000 }), step(31, { timeMs: 6000 })])),
    ).toBeCloseTo(10, 9);
  });

  test("gives the time left", () => {
    // 40 steps are planned; 20 ms each.
    expect(timeLeftMs(logOf([runStart, step(10), step(20)]))).toBeCloseTo(400, 6);
  });
});

test.each([
  [{ epochs: 4 }, 40],
  [{ steps: 25 }, 25],
  [{ epochs: 4, steps: 25 }, 25],
  [{ epochs: 2, steps: 25 }, 20],
  [{}, undefined],
])("a plan of %o ends after step %s", (plan, steps) => {
  const start = { ...runStart, plan: { batchSize: 32, stepsPerEpoch: 10, ...plan } };
  expect(plannedSteps(logOf([start]))).toBe(steps);
});

describe("curves", () => {
  test("are of steps in a short run, with validation where it was measured", () => {
    const { series, xLabel } = curvesOf(logOf(wholeRun()));
    expect(xLabel).toBe("step");
    expect(series.map(({ name, y }) => [name, y.length])).toEqual([
      ["train", 40],
      ["validation", 4],
    ]);
    expect(series[1]!.x).toEqual([10, 20, 30, 40]);
  });

  test("are of epochs' means where there are ten or more", () => {
    const epochs = Array.from({ length: 12 }, (_, i) => epoch(i + 1));
    const { series, xLabel } = curvesOf(logOf([runStart, step(1), step(2), ...epochs]));
    expect(xLabel).toBe("epoch");
    expect(series[0]!.x).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(series[0]!.y).toEqual(Array.from({ length: 12 }, (_, i) => 1 / (i + 1)));
  });

  test("speak of steps where an epoch is one", () => {
    const start = { ...runStart, plan: { batchSize: 320, stepsPerEpoch: 1, epochs: 100 } };
    const epochs = Array.from({ length: 12 }, (_, i) => epoch(i + 1, { step: i + 1 }));
    expect(curvesOf(logOf([start, ...epochs])).xLabel).toBe("step");
  });

  test("leave out a second figure of the same step: it is of other parameters", () => {
    const again = {
      type: "evaluation",
      step: 10,
      epoch: 1,
      metrics: { validation: { loss: 0.1 } },
      timeMs: 1,
    } as const;
    expect(logOf([runStart, epoch(1), again]).validationLoss.y).toEqual([2]);
  });
});

test("metrics of one part survive an event that has only another's", () => {
  const log = logOf([
    epoch(1),
    { type: "evaluation", step: 12, epoch: 2, metrics: { test: { loss: 3 } }, timeMs: 1 },
    { type: "evaluation", step: 13, epoch: 2, metrics: { validation: { loss: 1.5 } }, timeMs: 1 },
  ]);
  expect(log.metrics).toEqual({
    train: { loss: 1 },
    validation: { loss: 1.5, accuracy: 0.9 },
    test: { loss: 3 },
  });
});

test("keeps the newest checkpoint, landscape and the end", () => {
  const log = logOf([
    { type: "checkpoint", step: 1, path: "a" },
    { type: "checkpoint", step: 2, path: "b" },
    runEnd,
  ]);
  expect(log.checkpoint).toBe("b");
  expect(log.end).toBe(runEnd);
});
