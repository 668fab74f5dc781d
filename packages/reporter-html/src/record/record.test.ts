import type { Event, FigureEvent, StepEvent } from "@downhill/core/train";
import { gunzipSync, strFromU8 } from "fflate";
import { describe, expect, test } from "vitest";
import { classifierRun, rosenbrockRun } from "../fixtures/runs.js";
import { embed, unembed } from "./embed.js";
import { eventsOf } from "./events-of.js";
import { fromBase64, unpack } from "./packed.js";
import { tellSteps } from "./run-list.js";
import { createRecord, type RunRecord, record } from "./run-record.js";
import { append, capacity, createSeries } from "./series.js";
import { createBatch, gather } from "./step-batch.js";
import { appendRow, createTable } from "./table.js";

function recordOf(events: readonly Event[]): RunRecord {
  const run = createRecord();
  for (const event of events) record(run, event);
  return run;
}

const reopened = (run: RunRecord) => unembed(strFromU8(gunzipSync(fromBase64(embed([run])))))[0]!;

describe("a series", () => {
  test("holds a million numbers in bounded memory, with their least, largest and mean", () => {
    const series = createSeries();
    const n = 1_000_000;
    let sum = 0;
    for (let i = 1; i <= n; i++) {
      const value = i === 654_321 ? 1000 : Math.sin(i);
      sum += value;
      append(series, i, value);
    }
    const { step, spread } = series;
    expect(step.length).toBeLessThanOrEqual(capacity);
    expect(step.at(-1)).toBe(n);
    expect(Math.max(...spread!.max)).toBe(1000);
    expect(Math.min(...spread!.min)).toBeLessThan(-0.9999);
    expect(spread!.count.reduce((a, b) => a + b)).toBe(n);
    const mean = spread!.mean.reduce((total, x, i) => total + x * spread!.count[i]!, 0);
    expect(mean).toBeCloseTo(sum, 6);
    // Equally far apart, but for the last, which may have room left.
    const gaps = step.slice(1).map((at, i) => at - step[i]!);
    expect(new Set(gaps.slice(0, -1))).toEqual(new Set([64]));
    expect(spread!.count[0]).toBe(64);
    expect(spread!.max[Math.ceil(654_321 / 64) - 1]).toBe(1000);
  });

  test("never forgets a number that is not finite", () => {
    const series = createSeries();
    for (let i = 1; i <= 200_000; i++) append(series, i, i === 77_777 ? Number.NaN : 1);
    expect(series.last.filter(Number.isNaN)).toHaveLength(1);
    expect(series.spread!.count.reduce((a, b) => a + b)).toBe(199_999);
    expect(series.spread!.mean.every((x) => x === 1)).toBe(true);
  });
});

test("steps taken together leave the same record as one after another", () => {
  const flat = { learningRate: 0.1 };
  const events = Array.from(
    { length: 3 * capacity },
    (_, i): StepEvent => ({
      type: "step",
      step: i + 1,
      epoch: 1 + Math.floor(i / 10),
      value: i % 1000 === 7 ? "NaN" : i === 9 || i === 8 ? "Infinity" : Math.cos(i),
      hyper: i < 100 ? flat : { learningRate: 1 / (i + 1), ...(i % 3 === 0 && { momentum: i }) },
      ...(i % 2 === 0 && { evaluations: 2 * i }),
      timeMs: i / 8,
    }),
  );
  const together = [createRecord()];
  const batch = createBatch();
  for (const event of events) if (gather(batch, event)) tellSteps(together, batch);
  tellSteps(together, batch);
  expect(together).toEqual([recordOf(events)]);
});

test("a table's rows stay equally far apart, and its last is the latest", () => {
  const table = createTable();
  for (let step = 1; step <= 100_001; step++) appendRow(table, step, step, step / 2);
  const gaps = table.step.slice(1).map((at, i) => at - table.step[i]!);
  expect(new Set(gaps.slice(0, -1))).toEqual(new Set([8]));
  expect([table.rows, table.step.at(-1), table.timeMs.at(-1)]).toEqual([100_001, 100_001, 50_000.5]);
  expect(table.step.length).toBeLessThanOrEqual(capacity);
});

describe("embedded runs", () => {
  test("give back every event of a short run, its figures to seven digits", () => {
    const events = classifierRun();
    const told = eventsOf(reopened(recordOf(events)));
    expect(told.length).toBe(events.length);
    const kinds = (list: readonly Event[]) => list.map(({ type }) => type).sort();
    expect(kinds(told)).toEqual(kinds(events));
    expect(told[0]).toEqual(events[0]);
    expect(told.at(-1)).toEqual(events.at(-1));
    const stepOf = (list: readonly Event[], at: number) =>
      list.find((event): event is StepEvent => event.type === "step" && event.step === at)!;
    for (const at of [1, 2, 40, 799, 800]) {
      const [was, is] = [stepOf(events, at), stepOf(told, at)];
      expect(is.epoch).toBe(was.epoch);
      expect(is.timeMs).toBeCloseTo(was.timeMs, 3);
      expect(Math.abs(Number(is.value) / Number(was.value) - 1)).toBeLessThan(1e-6);
      expect(Object.keys(is.hyper)).toEqual(Object.keys(was.hyper));
      expect(Object.keys(is.probes!).sort()).toEqual(Object.keys(was.probes!).sort());
    }
    const bins = (list: readonly Event[]) =>
      Array.from(unpack((stepOf(list, 40).probes!.gradientHistograms as any)["hidden.weight"]));
    bins(told).forEach((x, i) => {
      expect(x).toBeCloseTo(bins(events)[i]!, 12);
    });
    const epochs = (list: readonly Event[]) =>
      list.flatMap((event) => (event.type === "epoch" ? [event.metrics] : []));
    expect(epochs(told)).toHaveLength(20);
    expect(Object.keys(epochs(told)[3]!.validation!)).toEqual(["loss", "accuracy"]);
  });

  test("keep non-finite numbers and names that mean something to JavaScript", () => {
    const hyper = Object.defineProperty({}, "__proto__", { value: 0.5, enumerable: true });
    const step: StepEvent = { type: "step", step: 1, epoch: 1, value: "-Infinity", hyper, timeMs: 1 };
    const [told] = eventsOf(reopened(recordOf([step]))) as [StepEvent];
    expect(told.value).toBe("-Infinity");
    const later = eventsOf(reopened(recordOf([{ ...step, value: "NaN", hyper: { a: "Infinity" } }]))) as [
      StepEvent,
    ];
    expect(later[0].value).toBe("NaN");
    expect(later[0].hyper).toEqual({ a: "Infinity" });
  });
});

describe("figures", () => {
  const landscape = rosenbrockRun("adam", 10_000).find(
    (event): event is FigureEvent => event.type === "figure",
  )!;

  test("a long path keeps its shape: no point is further from the kept ones than a thousandth of the picture", () => {
    const kept = recordOf([landscape]).figures[0]!;
    const path = unpack(kept.data.path!);
    const steps = Array.from(unpack(kept.data.pathSteps!));
    const whole = unpack(landscape.data.path!);
    expect(path.length / 2).toBeLessThanOrEqual(2000);
    expect([steps[0], steps.at(-1)]).toEqual([0, 10_000]);
    expect(kept.data.gradient!.shape).toEqual([steps.length, 2]);
    let next = 0;
    for (let k = 0; k <= 10_000; k++) {
      if (steps[next + 1] === k) next++;
      const dx = (whole[2 * k]! - path[2 * next]!) / 3.4;
      const dy = (whole[2 * k + 1]! - path[2 * next + 1]!) / 2.8;
      expect(Math.hypot(dx, dy)).toBeLessThan(1e-3);
    }
  });

  test("of landscapes the latest stays, of others the first, the latest and some between", () => {
    const numbers = { dtype: "float64" as const, shape: [2], data: Float64Array.of(0, 1) };
    const of = (kind: FigureEvent["kind"], step: number): FigureEvent => ({
      ...{ type: "figure", kind, step, title: "t" },
      data: { x: numbers, y: numbers },
    });
    const events = Array.from({ length: 200 }, (_, i) => [of("landscape", i + 1), of("fit", i + 1)]).flat();
    const { figures } = recordOf(events);
    expect(figures.filter(({ kind }) => kind === "landscape").map(({ step }) => step)).toEqual([200]);
    const fits = figures.filter(({ kind }) => kind === "fit").map(({ step }) => step);
    expect(fits.length).toBeLessThanOrEqual(16);
    expect([fits[0], fits.at(-1)]).toEqual([1, 200]);
  });

  test("an array is copied, for its owner may use it again", () => {
    const z = Float64Array.of(1, 2, 3, 4);
    const packed = (data: Float64Array, shape: number[]) => ({ dtype: "float64" as const, shape, data });
    const axis = packed(Float64Array.of(0, 1), [2]);
    const run = recordOf([{ ...landscape, data: { x: axis, y: axis, z: packed(z, [2, 2]) } }]);
    z.fill(9);
    expect(Array.from(unpack(run.figures[0]!.data.z!))).toEqual([1, 2, 3, 4]);
  });
});
