import { describe, expect, it } from "vitest";
import { growth } from "../cpu-time.fixture.js";
import { openJs } from "../engine/js/js.js";
import type { Shape } from "../expr/shape.js";
import { leaf, type Tensor } from "../expr/tensor.js";
import { compileProgram } from "./compile.js";
import { adamUpdate } from "./programs.fixture.js";

/** Between 4, of what is linear, and 16, of what grows with the square. */
const linear = 9;

describe("programs of thousands of nodes", { timeout: 60_000 }, () => {
  it.each<[string, Shape]>([
    ["scalars", []],
    ["vectors", [3]],
  ])("compile and run in time that is linear in their depth as a chain of %s", (_, shape) => {
    const run = (depth: number) => {
      const x = leaf("x", "x", shape);
      let value: Tensor = x;
      for (let i = 0; i < depth; i++) value = value.mul(0.999).add(x.sin());
      const session = openJs({ x: { x: shape, y: shape } }, "float64");
      session.view("x", "x").fill(0.5);
      session.load({ writes: [{ arena: "x", name: "y", value }], hostScalars: [] }).run(new Float64Array());
      // y ← a·y + b leads from y₀ to aⁿ·y₀ + b·(1 - aⁿ)/(1 - a).
      const power = 0.999 ** depth;
      const expected = power * 0.5 + (Math.sin(0.5) * (1 - power)) / (1 - 0.999);
      for (const y of session.view("x", "y")) expect(y).toBeCloseTo(expected, 8);
    };
    expect(growth(run, 600)).toBeLessThan(linear);
    run(10_000);
  });

  it("compile in linear time as a chain of products, transposed in the end", () => {
    const shape = [3, 3];
    const compile = (length: number) => {
      const x = leaf("x", "x", shape);
      let value: Tensor = x;
      for (let i = 0; i < length; i++) value = value.matmul(x);
      const program = { writes: [{ arena: "x", name: "y", value: value.transpose() }], hostScalars: [] };
      expect(compileProgram(program, { x: { x: shape, y: shape } }, "float64").steps).toHaveLength(
        length + 1,
      );
    };
    expect(growth(compile, 300)).toBeLessThan(linear);
    compile(5000);
  });

  it("compile in linear time where row programs follow one another", () => {
    const shape = [4, 3];
    const compile = (length: number) => {
      const x = leaf("x", "x", shape);
      let value: Tensor = x;
      for (let i = 0; i < length; i++) value = value.softmax().add(x);
      const program = { writes: [{ arena: "x", name: "y", value }], hostScalars: [] };
      expect(compileProgram(program, { x: { x: shape, y: shape } }, "float64").steps).toHaveLength(1);
    };
    expect(growth(compile, 60)).toBeLessThan(linear);
  });

  it.each([[{}], [{ clip: 1, decay: 0.01 }]])(
    "compile in linear time as Adam of many tensors, %o",
    (options) => {
      const compile = (count: number) => {
        const shapes = Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, [3 + (i % 5)]]));
        const { program, layout } = adamUpdate(shapes, options);
        const { steps } = compileProgram(program, layout, "float64");
        const updates = steps.filter((step) => step.kind === "loops" && step.segments[0]!.stores.length > 0);
        expect(updates).toHaveLength(1);
      };
      expect(growth(compile, 120)).toBeLessThan(linear);
    },
  );
});
