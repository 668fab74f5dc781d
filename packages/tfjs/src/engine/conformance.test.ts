import { engineSuite } from "@downhill/testing";
import { describe, it } from "vitest";
import { backends } from "../backends.fixture.js";
import "../wasm.js";
import { tfjs } from "./tfjs.js";

describe.each(backends)("the engine suite on %s", (backend) => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (_, check) => {
    await check.run(tfjs(backend));
  });
});
