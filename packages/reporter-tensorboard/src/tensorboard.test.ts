import type { Event, Reporter } from "@downhill/core/train";
import { reporterSuite } from "@downhill/testing";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import { everyKind } from "./fixtures/every-kind.js";
import type { PaceOptions } from "./pace.js";
import { tensorboard } from "./tensorboard.js";
import { readEvents, series } from "./testing/read-events.js";

afterEach(() => void vi.useRealTimers());

function collecting(options: PaceOptions = {}) {
  const chunks: Uint8Array[] = [];
  const reporter = tensorboard({ ...options, write: (bytes) => void chunks.push(bytes) });
  return { reporter, chunks, file: () => Uint8Array.from(chunks.flatMap((chunk) => [...chunk])) };
}
async function fileOf(events: readonly Event[]) {
  const { reporter, file } = collecting();
  await tell(reporter, events);
  return readEvents(file());
}
async function tell(reporter: Reporter, events: readonly Event[]) {
  for (const event of events) reporter.on(event);
  await reporter.end!(1000);
}

describe("the reporters' suite", () => {
  for (const { title, run } of reporterSuite) {
    it(title, () =>
      run(() => {
        const { reporter, file } = collecting();
        return { reporter, written: () => new TextDecoder().decode(file()) };
      }),
    );
  }
});

test("a file begins with its version, the session and the hyper-parameters", async () => {
  const [version, session, start] = await fileOf(everyKind());
  expect(version).toMatchObject({
    fileVersion: "brain.Event:2",
    wallTime: Date.UTC(2026, 0, 2, 3, 4, 5, 678) / 1000,
  });
  expect(session).toMatchObject({ restart: true, step: 0 });
  expect(start!.values.map(({ tag }) => tag)).toEqual(["_hparams_/session_start_info"]);
});

test("every number of a run is a point of a curve, at its step", async () => {
  const numbers = series(await fileOf(everyKind()), (value) => value.number);
  expect(numbers).toMatchObject({
    "loss/step": [
      [1, Math.fround(0.1)],
      [2, Number.POSITIVE_INFINITY],
    ],
    "hyper/learningRate": [
      [1, Math.fround(1e-3)],
      [2, Math.fround(1e-3)],
    ],
    "probes/gradientNorm": [
      [1, Math.fround(1 / 3)],
      [2, Number.NaN],
    ],
    "probes/cosine": [[1, -1]],
    "loss/train": [[2, Math.fround(0.3)]],
    "loss/validation": [[2, 0.25]],
    "accuracy/validation": [[2, 0.875]],
    "evaluation/train.loss": [[2, Math.fround(0.2875)]],
    "result/loss": [[3, Number.NaN]],
    "result/test.accuracy": [[3, 0.75]],
  });
});

test("events happen when they say so, not when they are written", async () => {
  const began = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const times = (await fileOf(everyKind())).map(({ wallTime, values }) => [
    values[0]?.tag,
    wallTime * 1000 - began,
  ]);
  const of = (tag: string) =>
    times.filter(([name]) => name === tag).map(([, ms]) => Math.round((ms as number) * 10) / 10);
  expect(of("loss/step")).toEqual([12.5, 25]);
  // A figure has no time of its own.
  expect(of("confusion/test rows")).toEqual([27]);
  expect(of("result/loss")).toEqual([40]);
});

test("histograms have as many buckets at every step", async () => {
  const doubles = series(await fileOf(everyKind()), (value) => value.doubles);
  for (const tag of ["parameters/layer0/w", "parameters/b", "gradients/layer0/w", "gradients/b"]) {
    expect(doubles[tag]).toHaveLength(1);
    expect(doubles[tag]![0]![1]).toHaveLength(90);
  }
  expect([...doubles["parameters/b"]![0]![1]!.slice(-3)]).toEqual([2.5, 2.5, 5]);
});

test("each notice has a tag of its own, and figures without pixels are tables", async () => {
  const texts = series(await fileOf(everyKind()), ({ texts }) => new TextDecoder().decode(texts[0]));
  expect(texts["notices/1"]![0]![1]).toMatch(/^\*\*warning\*\* 3 rows were dropped: /);
  expect(texts["notices/2"]).toEqual([[0, "**info** SIMD is not there."]]);
  expect(texts["confusion/test rows"]![0]![1]).toMatch(/\| no \| 0 \| 42 \|$/);
  expect(texts["run/card"]![0]![1]).toContain("| model | mlp |");
  expect(texts["run/result"]).toEqual([[3, expect.stringContaining("| why | The loss is NaN. |")]]);
});

test("a tag is described with its first value only", async () => {
  const plugins = series(await fileOf(everyKind()), ({ plugin }) => plugin);
  expect(plugins["loss/step"]).toEqual([
    [1, "scalars"],
    [2, undefined],
  ]);
  for (const points of Object.values(plugins)) expect(points[0]![1]).toBeDefined();
});

test("a file is the same each time", async () => {
  const [first, second] = [collecting(), collecting()];
  await tell(first.reporter, everyKind());
  await tell(second.reporter, everyKind());
  expect(first.file()).toEqual(second.file());
});

test("a run that goes on tells readers to drop what comes after its checkpoint, in its own time", async () => {
  const [start, , , step] = everyKind() as [
    Event & { type: "run-start" },
    Event,
    Event,
    Event & { type: "step" },
  ];
  const [, session, , card, first, second] = await fileOf([
    { ...start, from: 300 },
    { ...step, step: 301, timeMs: 60_000 },
    { ...step, step: 302, timeMs: 60_500 },
  ]);
  expect(session).toMatchObject({ restart: true, step: 301 });
  expect(card).toMatchObject({ step: 300 });
  expect(first!.wallTime).toBe(card!.wallTime);
  expect(second!.wallTime - first!.wallTime).toBeCloseTo(0.5, 6);
});

test("steps wait for a second at most, all else goes out at once, and pieces are whole records", async () => {
  const { reporter, chunks } = collecting();
  const [start, notice, , step] = everyKind() as [Event, Event, Event, Event & { type: "step" }];
  reporter.on(start);
  expect(chunks).toHaveLength(1);
  reporter.on({ ...step, timeMs: 1 });
  reporter.on({ ...step, step: 2, timeMs: 999 });
  expect(chunks).toHaveLength(1);
  reporter.on({ ...step, step: 3, timeMs: 1000 });
  expect(chunks).toHaveLength(2);
  reporter.on({ ...step, step: 4, timeMs: 1001 });
  reporter.on(notice);
  expect(chunks).toHaveLength(3);
  expect(chunks.map((chunk) => readEvents(chunk).length)).toEqual([4, 3, 2]);
});

test("a write that fails later is an error of the reporter's next event or its end", async () => {
  const reporter = tensorboard({ write: () => Promise.reject(new Error("the disk is full.")) });
  reporter.on(everyKind()[0]!);
  await Promise.resolve();
  await expect(Promise.resolve().then(() => reporter.end!(1000))).rejects.toThrow("the disk is full.");
  expect(() => reporter.on(everyKind()[1]!)).toThrow("the disk is full.");
});

test("the end waits for what is being written", async () => {
  let finish = () => {};
  const reporter = tensorboard({ write: () => new Promise<void>((resolve) => (finish = resolve)) });
  reporter.on(everyKind()[0]!);
  let ended = false;
  const end = Promise.resolve(reporter.end!(1000)).then(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve));
  expect(ended).toBe(false);
  finish();
  await end;
  expect(ended).toBe(true);
});

test("probes are wanted with the steps, unless asked for otherwise", () => {
  expect(collecting({ steps: { every: 5 } }).reporter).toMatchObject({
    steps: { every: 5 },
    wants: { gradientNorm: { every: 5 }, parameterHistograms: { everyMs: 10_000 } },
  });
  expect(collecting({ wants: {} }).reporter.wants).toEqual({});
});
