import type { Event, Packed, RunEnd, RunStart } from "@downhill/core/train";
import { describe, expect, test } from "vitest";
import { classifierRun } from "../fixtures/runs.js";
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
      steps(100, (at) => step(at, 1 - at / 1000, { gradientNorm: 10 ** -(at / 10) })),
      /^Vanishing gradient: its norm fell .* the loss is still 0\.9\.$/,
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
      at(3, bins(-1e-7, 1e-7), bins(0, 0), bins(-1, 1)),
    ]);
    expect(told).toEqual([
      expect.stringMatching(/^Vanishing gradient: the gradient of first/),
      expect.stringMatching(/^Dead layer: the gradient of second is zero throughout/),
      expect.stringMatching(/^Exploding gradient: the gradient of third .* times what it was at first/),
    ]);
  });

  describe("of layers are not given", () => {
    const start = classifierRun()[0] as RunStart;
    const modelOf = (parameters: RunStart["model"]["parameters"]): Event => ({
      ...start,
      model: { ...start.model, parameters },
    });
    const measured = (number: number, gradientHistograms: Readonly<Record<string, Packed>>) =>
      step(number, 1, { gradientHistograms });

    test("for a bias that is where it belongs, as on standardized data", () => {
      const told = warningsFor([
        modelOf({ weight: [3, 1], bias: [1] }),
        measured(1, { weight: bins(-1, 1), bias: bins(-1e-17, 1e-17) }),
        measured(2, { weight: bins(-0.1, 0.1), bias: bins(-1e-13, 1e-13) }),
        measured(3, { weight: bins(-0.1, 0.1), bias: bins(0, 0) }),
      ]);
      expect(told).toEqual([]);
    });

    test("for the numbers of a problem without layers", () => {
      const told = warningsFor([
        modelOf({ x: [], y: [] }),
        measured(1, { x: bins(1, 1), y: bins(1e-9, 1e-9) }),
        measured(2, { x: bins(1, 1), y: bins(1e-9, 1e-9) }),
      ]);
      expect(told).toEqual([]);
    });

    test("for a norm that falls as the loss does", () => {
      const falling = steps(100, (at) => step(at, 10 ** -(at / 5), { gradientNorm: 10 ** -(at / 10) }));
      expect(warningsFor(falling)).toEqual([]);
    });

    test("for one small gradient among many", () => {
      const at = (number: number, low: number) =>
        measured(number, { first: bins(-low, low), second: bins(-1, 1) });
      expect(warningsFor([at(1, 1), at(2, 1), at(3, 1e-7)])).toEqual([]);
      expect(warningsFor([at(1, 1), at(2, 1e-7), at(3, 1e-7)])).toHaveLength(1);
    });

    test("where the run has converged", () => {
      const end = classifierRun().at(-1) as RunEnd;
      const small = [1, 2, 3].map((number) =>
        measured(number, { first: bins(-1e-14, 1e-14), second: bins(-1e-8, 1e-8) }),
      );
      const status = { kind: "converged", criterion: "gradient", achieved: 1e-8, why: "" } as const;
      expect(warningsFor([...small, { ...end, status }])).toEqual([]);
      expect(warningsFor([...small, end])).toHaveLength(1);
    });
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
