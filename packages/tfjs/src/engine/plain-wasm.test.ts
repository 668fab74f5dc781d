import { engineSuite } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import "@tensorflow/tfjs-backend-wasm";
import { tfjs } from "./tfjs.js";

/** Where tfjs's wasm kernels differ from other backends' by more than 1e-5, and why. */
const differences: Readonly<Record<string, string>> = {
  "operator minimum on zeros, infinities and NaN": "of a number and NaN, they take the number",
  "operator maximum on zeros, infinities and NaN": "of a number and NaN, they take the number",
  "operator clamp on zeros, infinities and NaN": "of a number and NaN, they take the number",
  "operator sign on zeros, infinities and NaN": "isNaN is not theirs: NaN compares as a number",
  "operator pow on zeros, infinities and NaN": "C's pow has 1 for 1 to any power, JavaScript NaN for some",
  "a long float32 sum stays within 1e-6": "they add in float32, one number after another",
};

describe("the engine suite on tfjs's own wasm kernels", () => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", async (title, check) => {
    const run = async () => check.run(tfjs("wasm"));
    if (title in differences) await expect(run()).rejects.toThrow("expected");
    else await run();
  });

  it("says that these run, and what would be faster", async () => {
    const session = await tfjs("wasm").open({ p: { x: [1] } }, "float32");
    await session.load({ writes: [], hostScalars: [] });
    expect(session.notes.join()).toContain("@downhill/tfjs/wasm");
    session.dispose();
  });
});
