import { describe, expect, it } from "vitest";
import { openJs } from "../engine/js/js.js";
import type { Shape } from "../expr/shape.js";
import { leaf, type Tensor } from "../expr/tensor.js";
import { compileProgram } from "./compile.js";
import { adamUpdate } from "./programs.fixture.js";

/** Milliseconds that `work` takes. */
function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe("programs of tens of thousands of nodes", () => {
  // Bounds leave a slow machine room, and none to what grows with the square of the depth.
  it.each<[string, Shape]>([
    ["scalars", []],
    ["vectors", [3]],
  ])("compile and run in little time as a chain of %s", (_, shape) => {
    const depth = 10_000;
    const x = leaf("x", "x", shape);
    let value: Tensor = x;
    for (let i = 0; i < depth; i++) value = value.mul(0.999).add(x.sin());
    const layout = { x: { x: shape, y: shape } };
    const session = openJs(layout, "float64");
    session.view("x", "x").fill(0.5);
    const program = { writes: [{ arena: "x", name: "y", value }], hostScalars: [] };
    expect(timeOf(() => session.load(program).run(new Float64Array()))).toBeLessThan(5000);
    // y ← a·y + b leads from y₀ to aⁿ·y₀ + b·(1 - aⁿ)/(1 - a).
    const power = 0.999 ** depth;
    const expected = power * 0.5 + (Math.sin(0.5) * (1 - power)) / (1 - 0.999);
    for (const y of session.view("x", "y")) expect(y).toBeCloseTo(expected, 8);
  });

  it("compile in little time where row programs follow one another", () => {
    const shape = [4, 3];
    const x = leaf("x", "x", shape);
    let value: Tensor = x;
    for (let i = 0; i < 400; i++) value = value.softmax().add(x);
    const program = { writes: [{ arena: "x", name: "y", value }], hostScalars: [] };
    let steps = 0;
    const time = timeOf(() => {
      steps = compileProgram(program, { x: { x: shape, y: shape } }, "float64").steps.length;
    });
    expect(steps).toBe(1);
    expect(time).toBeLessThan(5000);
  });

  it.each([[{}], [{ clip: 1, decay: 0.01 }]])(
    "compile in little time as Adam of 1000 tensors, %o",
    (options) => {
      const shapes = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, [3 + (i % 5)]]));
      const { program, layout } = adamUpdate(shapes, options);
      let updates = 0;
      const time = timeOf(() => {
        const { steps } = compileProgram(program, layout, "float64");
        updates = steps.filter((step) => step.kind === "loops" && step.segments[0]!.stores.length > 0).length;
      });
      expect(updates).toBe(1);
      expect(time).toBeLessThan(5000);
    },
  );
});
