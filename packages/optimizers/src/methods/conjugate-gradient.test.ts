import { data, minimize, type Tensor } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { conjugateGradient } from "./conjugate-gradient.js";
import { newtonCg } from "./newton-cg.js";

const curvatures = [1, 3, 10, 30, 100];
const quadratic = ({ p }: { readonly p: Tensor }) => data(curvatures).mul(p.square()).sum().div(2);
const start = { p: [1, 1, 1, 1, 1] };

describe("conjugateGradient", () => {
  it("ends on a quadratic in as many steps as it has curvatures, if its searches are exact", () => {
    const optimizer = conjugateGradient({ c2: 1e-6 });
    const { steps, status } = minimize(quadratic, {
      start,
      optimizer,
      gradientTolerance: 1e-5,
      maxSteps: 20,
    });
    expect(status.kind).toBe("converged");
    expect(steps).toBeLessThanOrEqual(curvatures.length);
  });

  it("takes conjugate directions there", () => {
    const optimizer = conjugateGradient({ c2: 1e-9 });
    const { history } = minimize(quadratic, { start, optimizer, history: true, maxSteps: 4 });
    const points = history!.map(({ parameters }) => Array.from(parameters.p));
    const steps = points.slice(1).map((point, i) => point.map((x, j) => x - points[i]![j]!));
    const product = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, x, i) => sum + curvatures[i]! * x * b[i]!, 0);
    for (let i = 1; i < steps.length; i++) {
      const [a, b] = [steps[i - 1]!, steps[i]!];
      expect(product(a, b) / Math.sqrt(product(a, a) * product(b, b))).toBeCloseTo(0, 6);
    }
  });
});

describe("newtonCg", () => {
  it("solves a quadratic in a few steps, each as exactly as is worth it", () => {
    const optimizer = newtonCg();
    const { steps, evaluations, status } = minimize(quadratic, {
      start,
      optimizer,
      gradientTolerance: 1e-12,
    });
    expect(status.kind).toBe("converged");
    expect(steps).toBeLessThanOrEqual(6);
    // Far fewer products than the five that each step could ask for.
    expect(evaluations).toBeLessThanOrEqual(25);
  });

  it("goes downhill where the curvature is negative", () => {
    // -cos x from x = 2, where its second derivative is cos 2 < 0.
    const f = ({ x }: { readonly x: Tensor }) => x.cos().neg();
    const { status, parameters } = minimize(f, {
      start: { x: 2 },
      optimizer: newtonCg(),
      gradientTolerance: 1e-10,
    });
    expect(status.kind).toBe("converged");
    expect(Math.cos(parameters.x)).toBeCloseTo(1, 12);
  });

  it("asks for a traced objective", () => {
    const evaluate = ({ x }: { readonly x: number }) => ({ value: x * x, gradient: { x: 2 * x } });
    expect(() => minimize({ evaluate }, { start: { x: 1 }, optimizer: newtonCg() })).toThrow("traced");
  });
});
