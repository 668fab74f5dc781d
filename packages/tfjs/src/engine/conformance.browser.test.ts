import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import { engineSuite } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import "../webgpu.js";
import { tfjs } from "./tfjs.js";

describe.each(["webgl", "webgpu"])("the engine suite on %s", (backend) => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(tfjs(backend));
  });

  it("runs by kernels of ours", async () => {
    const session = await tfjs(backend).open({ p: { x: [1] } }, "float32");
    await session.load({ writes: [], hostScalars: [] });
    expect(session.notes).toEqual([]);
    session.dispose();
  });
});
