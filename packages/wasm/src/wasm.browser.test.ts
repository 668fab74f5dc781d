import { engineSuite } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { wasm } from "./wasm.js";

describe("in a page, without fallback", () => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(wasm({ fallback: false }));
  });
});

it("runs in a worker", async () => {
  const worker = new Worker(new URL("./worker.fixture.ts", import.meta.url), { type: "module" });
  const answer = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  expect(answer).toEqual({ notes: [], y: [2, 4, 6] });
});
