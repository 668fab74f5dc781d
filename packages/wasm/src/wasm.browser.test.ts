import { leaf } from "@downhill/core/engine";
import { engineSuite } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { wasm } from "./wasm.js";

/** What a worker answers. */
function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  }).finally(() => worker.terminate());
}

describe("in a page, without fallback", () => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(wasm({ fallback: false }));
  });

  it("runs one thread, and says why", () => {
    expect(crossOriginIsolated).toBe(true);
    const shape = [256, 256];
    const session = wasm({ threads: 2 }).open({ p: { x: shape, y: shape } }, "float32");
    const x = leaf("p", "x", shape);
    session.load({ writes: [{ arena: "p", name: "y", value: x.matmul(x) }], hostScalars: [] });
    expect(session.notes).toEqual([
      "One thread runs instead of 2: a page's main thread may not wait for others (use the engine in a worker).",
    ]);
  });
});

it("runs in a worker", async () => {
  const worker = new Worker(new URL("./worker.fixture.ts", import.meta.url), { type: "module" });
  expect(await answerOf(worker)).toEqual({ notes: [], y: [2, 4, 6] });
});

it("runs several threads in a worker of an isolated page", async () => {
  const worker = new Worker(new URL("./threads/worker.fixture.ts", import.meta.url), { type: "module" });
  expect(await answerOf(worker)).toEqual({ early: true, same: true, notes: [], helpers: 2 });
});
