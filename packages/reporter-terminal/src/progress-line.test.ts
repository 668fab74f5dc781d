import { expect, test } from "vitest";
import { paintFor } from "./look.js";
import { epochLine, progressLine } from "./progress-line.js";
import { createRunLog, record } from "./run-log.js";
import { epoch, runStart, step } from "./testing/events.js";
import { displayWidth } from "./text.js";

const look = { width: 200, braille: true, paint: paintFor(false) };

function log(events: Parameters<typeof record>[1][] = [runStart, step(1), step(10), epoch(1), step(16)]) {
  const run = createRunLog();
  for (const event of events) record(run, event);
  return run;
}

test("shows epoch, progress, step, loss, metrics, rate and time left", () => {
  expect(progressLine(log(), look)).toBe(
    "epoch 2/4  ━━━━━───────   40%  step 16/40  loss 0.06250  val loss 2  val accuracy 0.9000  50 steps/s  <1 s left",
  );
});

test("leaves out what matters least where it is narrow, the loss last of all", () => {
  const at = (width: number) => progressLine(log(), { ...look, width });
  expect(at(100)).toBe(
    "epoch 2/4  ━━━━━───────   40%  loss 0.06250  val loss 2  val accuracy 0.9000  50 steps/s  <1 s left",
  );
  expect(at(60)).toBe("epoch 2/4  loss 0.06250  val loss 2  <1 s left");
  expect(at(24)).toBe("epoch 2/4  loss 0.06250");
  expect(at(12)).toBe("loss 0.06250");
  expect(at(8)).toBe("loss 0.…");
  expect(progressLine(log(), { ...look, width: 8, braille: false })).toBe("loss ...");
});

test.each([1, 5, 17, 40, 79])("is never wider than %d columns", (width) => {
  const metrics = { validation: { 花びら: 1, loss: 2 } };
  const run = log([runStart, step(1), epoch(1, { metrics })]);
  for (const braille of [true, false]) {
    expect(displayWidth(progressLine(run, { width, braille, paint: paintFor(3) }))).toBeLessThanOrEqual(
      width,
    );
  }
});

test("shows the metrics asked for, in that order", () => {
  const line = progressLine(log(), { ...look, metrics: ["validation.accuracy", "train.loss", "test.loss"] });
  expect(line).toContain("loss 0.06250  val accuracy 0.9000  train loss 1  50 steps/s");
});

test("speaks of steps alone where an epoch is one, and of no end where none is planned", () => {
  const start = { ...runStart, plan: { batchSize: 320, stepsPerEpoch: 1 } };
  expect(progressLine(log([start, step(1), step(11)]), look)).toBe("step 11  loss 0.09091  50 steps/s");
});

test("shows a loss that is not a number, in red", () => {
  const run = log([runStart, step(3, { value: "NaN" })]);
  expect(progressLine(run, look)).toContain("loss NaN");
  expect(progressLine(run, { ...look, paint: paintFor(1) })).toContain("\x1b[31m");
});

test("makes names of metrics safe", () => {
  const run = log([runStart, epoch(1, { metrics: { validation: { "\x1b[2Jf1": 1 } } })]);
  expect(progressLine(run, look)).toContain("val \\x1b[2Jf1 1");
});

test("an epoch's line has the loss of the epoch, and no bar", () => {
  expect(epochLine(log([runStart, step(1), step(10), epoch(1)]), look)).toBe(
    "epoch 1/4  step 10  loss 1  val loss 2  val accuracy 0.9000  50 steps/s  <1 s left",
  );
});
