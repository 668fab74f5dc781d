import type { Event, Packed } from "@downhill/core/train";
import { describe, expect, test } from "vitest";
import { createRecord, record } from "./run-record.js";
import { warningsOf } from "./warnings.js";

const step = (at: number, value: number, probes: object = {}): Event => ({
  type: "step",
  step: at,
  epoch: 1,
  value: Number.isFinite(value) ? value : (String(value) as "NaN"),
  hyper: {},
  probes,
  timeMs: at,
});

function warningsFor(events: readonly Event[]): string[] {
  const run = createRecord();
  for (const event of events) record(run, event);
  return warningsOf(run);
}

const steps = (count: number, make: (at: number) => Event) =>
  Array.from({ length: count }, (_, i) => make(i + 1));

function bins(low: number, high: number): Packed {
  const middle = (low + high) / 2;
  return { dtype: "float64", shape: [2, 3], data: Float64Array.of(low, middle, 5, middle, high, 5) };
}

describe("warnings", () => {
  test("a run that falls steadily has none", () => {
    expect(warningsFor(steps(200, (at) => step(at, 1 / at, { gradientNorm: 1 / at, cosine: 0.5 })))).toEqual(
      [],
    );
  });

  test.each([
    [
      "divergence",
      steps(30, (at) => step(at, at < 30 ? 1 / at : Number.NaN)),
      /^Divergence: the loss was NaN at step 30/,
    ],
    ["a rise", steps(60, (at) => step(at, 1 + at / 10)), /^The loss rose/],
    [
      "a plateau",
      steps(400, (at) => step(at, 1 + 5 * Math.exp(-at / 10))),
      /^Plateau: .* since step (7|8|9|1\d)\d,/,
    ],
    [
      "an exploding gradient",
      steps(100, (at) => step(at, 1 / at, { gradientNorm: at === 70 ? 500 : 1 })),
      /^Exploding gradient: its norm reached 500 about step 70/,
    ],
    [
      "a vanishing gradient",
      steps(100, (at) => step(at, 1 / at, { gradientNorm: 10 ** -(at / 10) })),
      /^Vanishing gradient: its norm fell/,
    ],
    [
      "steps uphill",
      steps(100, (at) => step(at, 1 / at, { cosine: at % 2 ? -0.5 : 0.9 })),
      /^50 % of the measured steps led uphill/,
    ],
  ] as const)("%s is told", (_, events, pattern) => {
    const told = warningsFor(events);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(pattern);
  });

  test("a layer whose gradient vanishes, is dead or explodes is named", () => {
    const at = (number: number, a: Packed, b: Packed, c: Packed) =>
      step(number, 1, { gradientHistograms: { first: a, second: b, third: c } });
    const told = warningsFor([
      at(1, bins(-1e-7, 1e-7), bins(0, 0), bins(-1e-4, 1e-4)),
      at(2, bins(-1e-7, 1e-7), bins(0, 0), bins(-1, 1)),
    ]);
    expect(told).toEqual([
      expect.stringMatching(/^Vanishing gradient: the gradient of first/),
      expect.stringMatching(/^Dead layer: the gradient of second is zero/),
      expect.stringMatching(/^Exploding gradient: the gradient of third .* times what it was at first/),
    ]);
  });

  test("overfitting is told with the step of the least validation loss", () => {
    const epoch = (at: number, train: number, validation: number): Event => ({
      ...{ type: "epoch", epoch: at, step: at * 10, timeMs: at },
      metrics: { train: { loss: train }, validation: { loss: validation } },
    });
    const told = warningsFor([epoch(1, 1, 1), epoch(2, 0.5, 0.6), epoch(3, 0.1, 0.9)]);
    expect(told).toEqual([expect.stringMatching(/^Overfitting: .* 0\.6, at step 20 and ended at 0\.9/)]);
  });

  test("what the run itself warned of stands there too, information does not", () => {
    const notice = (level: "info" | "warning", message: string): Event => ({
      type: "notice",
      level,
      message,
    });
    expect(warningsFor([notice("warning", "3 rows dropped."), notice("info", "scaled")])).toEqual([
      "3 rows dropped.",
    ]);
  });
});
