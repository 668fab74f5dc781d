import { it } from "vitest";
import { leaf, type Tensor } from "/work/main/packages/core/src/expr/tensor.ts";
import { compileProgram } from "/work/main/packages/core/src/program/compile.ts";
import { adamUpdate } from "/work/main/packages/core/src/program/programs.fixture.ts";
import { js } from "/work/main/packages/core/src/engine/index.ts";
const N = (process.env.N ?? "400,800,2000").split(",").map(Number);
it("deep", () => {
  for (const n of N) for (const shape of [[], [3]]) {
    const x = leaf("x", "x", shape); let y: Tensor = x;
    for (let i = 0; i < n; i++) y = y.mul(.999).add(x.sin());
    const t = performance.now();
    try { compileProgram({ writes: [{ arena: "x", name: "y", value: y }], hostScalars: [] }, { x: { x: shape, y: shape } }, "float64"); } catch (e) { console.log((e as Error).stack!.slice(0, 500)); }
    console.log(n, shape, performance.now() - t);
  }
}, 300000);
it("many", () => {
  for (const n of [250, 500, 1000]) for (const clip of [undefined, 1]) {
    const shapes = Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, [3 + i % 5]]));
    const { program, layout } = adamUpdate(shapes, { clip });
    const t = performance.now();
    const plan = compileProgram(program, layout, "float64");
    console.log(n, clip, performance.now() - t, plan.steps.length);
  }
}, 300000);
