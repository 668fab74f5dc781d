import { minimize, tensor } from "@downhill/core";
import { describe, expect, it } from "vitest";
import { backtracking, conjugateGradient, lbfgs, newtonCg, sam } from "../index.js";
import { rosenbrock } from "../problems.fixture.js";

describe.each([
  ["lbfgs", lbfgs(), 60],
  ["conjugate-gradient", conjugateGradient(), 60],
  ["newton-cg", newtonCg(), 400],
  ["backtracking", backtracking(), 20000],
] as const)("%s", (_, optimizer, steps) => {
  it("converges on Rosenbrock's valley, and says so truly", () => {
    const start = { x: -1.2, y: 1 };
    const r = minimize(rosenbrock, { start, optimizer, gradientTolerance: 1e-9, maxSteps: steps });
    console.log(_, r.steps, r.evaluations, r.status.kind, r.gradientNorm, r.value);
  });
});
