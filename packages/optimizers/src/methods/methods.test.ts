import { bind, data, type Method, minimize, range, type Tensor } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../catalogue.js";
import { rosenbrock } from "../problems.fixture.js";
import { backtracking, conjugateGradient, lbfgs, newtonCg, sam } from "./index.js";

const valley = { x: -1.2, y: 1 };

describe.each<[string, Method<any>, number]>([
  ["lbfgs", lbfgs(), 50],
  ["conjugate-gradient", conjugateGradient(), 50],
  ["newton-cg", newtonCg(), 100],
  ["backtracking", backtracking(), 20000],
])("%s", (_, optimizer, maxSteps) => {
  it("converges in Rosenbrock's valley, in few steps", () => {
    const result = minimize(rosenbrock, { start: valley, optimizer, gradientTolerance: 1e-7, maxSteps });
    expect(result.status.kind).toBe("converged");
    expect(result.parameters.x).toBeCloseTo(1, 6);
    expect(result.parameters.y).toBeCloseTo(1, 6);
  });

  it("goes down at every step", () => {
    const { history } = minimize(rosenbrock, { start: valley, optimizer, history: true, maxSteps: 30 });
    const values = history!.map(({ value }) => value);
    expect(values.length).toBeGreaterThan(15);
    values.slice(1).forEach((value, i) => {
      expect(value).toBeLessThan(values[i]!);
    });
  });

  it("steps back from where the value is infinite or none", () => {
    const f = ({ x }: { readonly x: Tensor }) => x.sub(x.log());
    const result = minimize(f, { start: { x: 3 }, optimizer, gradientTolerance: 1e-6 });
    expect(result.status.kind).toBe("converged");
    expect(result.parameters.x).toBeCloseTo(1, 5);
  });

  it("finds the minimum of a quadratic whose curvatures differ a thousandfold", () => {
    const f = ({ p }: { readonly p: Tensor }) =>
      data([1, 10, 100, 1000])
        .mul(p.sub(range(4)).square())
        .sum();
    const start = { p: [5, 5, 5, 5] };
    const result = minimize(f, { start, optimizer, gradientTolerance: 1e-8, maxSteps });
    expect(result.status.kind).toBe("converged");
    Array.from(result.parameters.p).forEach((x, i) => {
      expect(x).toBeCloseTo(i, 6);
    });
  });
});

describe.each<[string, Method<any>]>([
  ["lbfgs", lbfgs()],
  ["conjugate-gradient", conjugateGradient()],
  ["backtracking", backtracking()],
])("%s, bound", (_, method) => {
  it("stalls at once, with the reason, where value or gradient is not finite", () => {
    for (const [value, slope, why] of [
      [1, Number.NaN, "squared norm of the gradient NaN"],
      [1, Infinity, "squared norm of the gradient Infinity"],
      [Number.NaN, 1, "The value is NaN"],
    ] as const) {
      let evaluations = 0;
      const evaluate = () => {
        evaluations++;
        return { value, gradient: { w: Float64Array.of(slope, 1) } };
      };
      const stepper = bind(method, { w: Float64Array.of(3, 4) }, { evaluate });
      stepper.step();
      expect(stepper.stalled).toContain(why);
      expect(stepper.parameters.w).toEqual(Float64Array.of(3, 4));
      expect(evaluations).toBe(1);
    }
  });

  it("goes on from saved state with the same bits", () => {
    const make = () => bind(method, { p: Float64Array.of(-1.2, 1) }, { evaluate });
    const [whole, first, second] = [make(), make(), make()];
    for (let i = 0; i < 12; i++) whole.step();
    for (let i = 0; i < 7; i++) first.step();
    second.load(structuredClone(first.save()));
    for (let i = 7; i < 12; i++) second.step();
    expect(second.save()).toEqual(whole.save());
  });
});

describe("backtracking", () => {
  it("ends its search where a parameter that the value does not use is NaN", () => {
    const evaluate = ({ w }: { readonly w: Float64Array }) => ({
      value: Math.abs(w[0]!),
      gradient: { w: Float64Array.of(w[0]! === 0 ? 1 : 0, 0) },
    });
    const stepper = bind(backtracking(), { w: Float64Array.of(0, Number.NaN) }, { evaluate });
    stepper.step();
    expect(stepper.stalled).toContain("No step along the negative gradient");
  });

  it("keeps its length finite on a slope without end", () => {
    // The second element would become 0·∞ once the length had grown to infinity.
    const evaluate = ({ w }: { readonly w: Float64Array }) => ({
      value: -1e-160 * w[0]! + 0 * w[1]!,
      gradient: { w: Float64Array.of(-1e-160, 0) },
    });
    const stepper = bind(backtracking({ grow: 1e10 }), { w: Float64Array.of(0, 0) }, { evaluate });
    for (let i = 0; i < 40; i++) stepper.step();
    expect(stepper.parameters.w[1]).toBe(0);
  });
});

type Numbers = { readonly p: Float64Array };

/** Rosenbrock's valley in plain code. */
const evaluate = ({ p: [x, y] }: { readonly p: ArrayLike<number> & Iterable<number> }) => {
  const bend = y! - x! ** 2;
  return {
    value: (x! - 1) ** 2 + 100 * bend ** 2,
    gradient: { p: Float64Array.of(2 * (x! - 1) - 400 * x! * bend, 200 * bend) },
  };
};
const start: Numbers = { p: Float64Array.of(-1.2, 1) };

describe.each<[string, Method<any>]>([
  ["lbfgs", lbfgs()],
  ["conjugate-gradient", conjugateGradient()],
  ["backtracking", backtracking()],
  ["sam", sam()],
])("%s", (_, optimizer) => {
  it("takes the same steps, bit for bit, through minimize and bind", () => {
    const { history } = minimize({ evaluate }, { start, optimizer, history: true, maxSteps: 12 });
    const stepper = bind(optimizer, start, { evaluate });
    for (const { parameters, value } of history!.slice(1)) {
      stepper.step();
      expect([stepper.parameters.p, stepper.value]).toEqual([parameters.p, value]);
    }
    expect(stepper.t).toBe(12);
  });
});

describe.each<[string, Method<any>]>([
  ["lbfgs", lbfgs()],
  ["conjugate-gradient", conjugateGradient()],
  ["backtracking", backtracking()],
])("%s", (_, optimizer) => {
  it("says that it cannot go on where the value never falls", () => {
    // The gradient points the wrong way, as a mistaken one does.
    const wrong = { evaluate: ({ x }: { x: number }) => ({ value: x * x, gradient: { x: -2 * x } }) };
    const { status, parameters } = minimize(wrong, { start: { x: 1 }, optimizer });
    expect(status).toMatchObject({ kind: "stalled", why: expect.stringContaining("negative gradient") });
    expect(parameters.x).toBe(1);
  });
});

describe("every method", () => {
  it("is in the catalogue under its name", () => {
    expect(Object.keys(catalogue.methods)).toEqual(
      [backtracking, conjugateGradient, lbfgs, newtonCg, sam].map((make) => make.definition.name),
    );
  });
});
