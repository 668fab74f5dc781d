import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import { reference } from "@downhill/core";
import { leaf } from "@downhill/core/engine";
import { engineSuite, runProgram } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import "../webgl.js";
import "../webgpu.js";
import { tfjs } from "./tfjs.js";

describe.each(["webgl", "webgpu"])("the engine suite on %s", (backend) => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(tfjs(backend));
  });

  it("computes with tensors without elements", async () => {
    const shapes = { x: [0, 3], w: [3, 2], e: [2, 0] };
    const x = leaf("p", "x", shapes.x);
    const w = leaf("p", "w", shapes.w);
    const values = {
      a: x.sum(0).add(1),
      b: x.square().sum().add(w.sum()),
      c: x.matmul(w).tanh(),
      d: leaf("p", "e", shapes.e).matmul(x),
      f: x.sum(1),
    };
    const run = {
      layout: { p: shapes, o: { a: [3], b: [], c: [0, 2], d: [2, 3], f: [0] } },
      given: { p: { w: [1, 2, 3, 4, 5, 6] } },
      writes: Object.entries(values).map(([name, value]) => ({ arena: "o", name, value })),
    };
    expect(await runProgram(tfjs(backend), "float32", run)).toEqual(
      await runProgram(reference(), "float32", run),
    );
  });

  it("runs by kernels of ours", async () => {
    const session = await tfjs(backend).open({ p: { x: [1] } }, "float32");
    await session.load({ writes: [], hostScalars: [] });
    expect(session.notes).toEqual([]);
    session.dispose();
  });
});
