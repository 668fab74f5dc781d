import { describe, expect, it } from "vitest";
import {
  chebyshev,
  cosine,
  exponential,
  linear,
  oneCycle,
  piecewiseConstant,
  polynomial,
  step,
  wsd,
} from "./index.js";

describe("a schedule's arguments", () => {
  it.each([0, -5, Number.NaN, 2.5, Number.POSITIVE_INFINITY])("refuse steps = %d", (steps) => {
    for (const make of [cosine, linear, polynomial, oneCycle]) {
      expect(() => make(1, { steps })).toThrow(
        `${make.definition.name}: steps = ${steps} is not allowed; expected a whole number of steps from 1 on, or "run".`,
      );
    }
  });

  it("refuse NaN and what is not a number", () => {
    expect(() => cosine(Number.NaN, { steps: 3 })).toThrow(
      "cosine: value = NaN is not allowed; expected a finite number.",
    );
    expect(() => cosine(1, { steps: 3, endValue: Number.NaN })).toThrow("cosine: endValue = NaN");
    expect(() => step(1, { stepSize: "3" as never })).toThrow('step: stepSize = "3" is not allowed');
    expect(() => exponential(1, { gamma: 0 })).toThrow(
      "exponential: gamma = 0 is not allowed; expected a number above 0.",
    );
  });

  it("name what was misspelt or left out", () => {
    expect(() => cosine(1, { step: 3 } as never)).toThrow(
      'cosine: unknown argument "step". Did you mean "steps"? It has steps, endValue, exponent.',
    );
    expect(() => cosine(1, {} as never)).toThrow("cosine: steps = undefined is not allowed");
  });

  it("must fit together", () => {
    expect(() => wsd(1, { steps: 10, warmupSteps: 6, decaySteps: 6 })).toThrow(
      "wsd: warmupSteps = 6 and decaySteps = 6 do not fit into 10 steps.",
    );
    expect(() => wsd(1, { steps: "run", warmupSteps: 6, decaySteps: 6 }).forRun!(10)).toThrow(
      "do not fit into 10 steps",
    );
    expect(() => piecewiseConstant(1, { boundaries: [3, 5], scales: [1] })).toThrow(
      "piecewise-constant: there are 2 boundaries and 1 scales; expected as many of both.",
    );
    expect(() => piecewiseConstant(1, { boundaries: [5, 3], scales: [1, 1] })).toThrow("in growing order");
    expect(() => chebyshev(1, { steps: 12 })).toThrow(
      "chebyshev: steps = 12 is not allowed; expected a power of two.",
    );
    expect(() => oneCycle(1, { steps: 9, warmupFraction: 0.6, threePhase: true })).toThrow(
      "leaves no third phase",
    );
  });
});

describe("schedules past their end", () => {
  it.each([
    ["linear", linear(1, { steps: 10, endValue: 0.2 }), 0.2],
    ["cosine", cosine(1, { steps: 10, endValue: 0.2 }), 0.2],
    ["polynomial", polynomial(1, { steps: 10, endValue: 0.2, power: 2 }), 0.2],
    ["one-cycle", oneCycle(1, { steps: 10, endValue: 0.2 }), 0.2],
    ["wsd", wsd(1, { steps: 10, decaySteps: 2, endValue: 0.2 }), 0.2],
  ])("%s stays there", (_, schedule, end) => {
    expect([10, 11, 1e6].map(schedule)).toEqual([end, end, end]);
  });
});
