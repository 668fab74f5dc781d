import { engineSuite } from "@downhill/testing";
import { describe, it } from "vitest";
import { wasm } from "./wasm.js";

describe("the engine suite, without fallback", () => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(wasm({ fallback: false }));
  });
});
