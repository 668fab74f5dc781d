import { bind, controllersOf } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { gradientDescent } from "../rules/gradient-descent.js";
import { constant, cosine, linear, plateau, step, warmup } from "./index.js";

const values = (schedule: (t: number) => number, steps: number) =>
  Array.from({ length: steps }, (_, t) => schedule(t));

describe("warmup", () => {
  it("begins at initialValue, reaches the schedule's first value at its end, and lets it count from there", () => {
    expect(values(warmup(4, linear(8, { steps: 4 })), 10)).toEqual([0, 2, 4, 6, 8, 6, 4, 2, 0, 0]);
    expect(values(warmup(2, 3, { initialValue: 1 }), 4)).toEqual([1, 2, 3, 3]);
  });

  it("leaves the rest of the run to the schedule", () => {
    const schedule = warmup(100, cosine(1e-3, { steps: "run" })).forRun!(1100);
    expect(schedule(100)).toBe(1e-3);
    expect(schedule(600)).toBeCloseTo(5e-4, 15);
    expect(schedule(1100)).toBe(0);
  });

  it("refuses a run that ends before the schedule begins", () => {
    expect(() => warmup(100, cosine(1e-3, { steps: "run" })).forRun!(100)).toThrow(
      "warmup: the run has 100 steps, which leaves none after the first 100 for what follows.",
    );
  });

  it.each([0, -1, Number.NaN, 1.5])("refuses %d steps", (steps) => {
    expect(() => warmup(steps, 1)).toThrow(
      `warmup: steps = ${steps} is not allowed; expected a whole number of steps from 1 on.`,
    );
  });
});

describe("then, times, repeat", () => {
  it("lets the next schedule count from its own beginning", () => {
    expect(
      values(
        constant(5)
          .then(linear(4, { steps: 2 }), 2)
          .then(1, 5),
        7,
      ),
    ).toEqual([5, 5, 4, 2, 0, 1, 1]);
  });

  it("multiplies step by step, numbers and functions too", () => {
    expect(
      values(
        linear(4, { steps: 4 })
          .times((t) => t + 1)
          .times(10),
        4,
      ),
    ).toEqual([40, 60, 60, 40]);
  });

  it("begins anew", () => {
    expect(values(linear(2, { steps: "run" }).repeat(2).forRun!(99), 5)).toEqual([2, 1, 2, 1, 2]);
  });

  it("gives each part its own share of the run", () => {
    const joined = linear(3, { steps: "run" }).then(linear(4, { steps: "run" }), 3).forRun!(5);
    expect(values(joined, 6)).toEqual([3, 2, 1, 4, 2, 0]);
    expect(constant(1).then(2, 1).forRun).toBeUndefined();
  });

  it("says why a schedule cannot be awaited", async () => {
    const later = async () => constant(1) as unknown;
    await expect(later()).rejects.toThrow("awaited or returned by an async function");
  });
});

describe("a schedule as a setting", () => {
  it("gives the first update its value at step 0", () => {
    const stepper = bind(gradientDescent({ learningRate: step(1, { stepSize: 2, gamma: 0.5 }) }), {
      w: Float64Array.of(0),
    });
    stepper.gradients.w[0] = -1;
    const places = [1, 2, 3, 4, 5].map(() => {
      stepper.step();
      return stepper.parameters.w[0];
    });
    expect(places).toEqual([1, 2, 2.5, 3, 3.25]);
  });

  it("that needs the run's length says so where there is no run", () => {
    const stepper = bind(gradientDescent({ learningRate: cosine(1, { steps: 3 }) }), {
      w: new Float64Array(1),
    });
    stepper.step();
    expect(() => cosine(1, { steps: "run" })(0)).toThrow(
      'cosine: steps is "run", and the length of the run is not known here. Give a number of steps, or call forRun(steps) first.',
    );
  });

  it("shows the controllers in it", () => {
    const follow = plateau(1);
    expect(controllersOf(warmup(10, follow).times(2))).toEqual([follow]);
    expect(controllersOf(constant(1).then(2, 3))).toEqual([]);
    expect(controllersOf(0.1)).toEqual([]);
  });
});
