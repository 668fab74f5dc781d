import { reference } from "@downhill/core";
import { engineTolerance, randomRun, requireClose, runProgram } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { wasm } from "./wasm.js";

const PROGRAMS = Number(process.env.DOWNHILL_FUZZ ?? 600);

describe.each(["float64", "float32"] as const)("random programs that update in place, %s", (dtype) => {
  it("give what the out-of-place interpreter gives", async () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const run = randomRun(seed);
      try {
        const actual = await runProgram(wasm({ fallback: false }), dtype, run);
        const expected = await runProgram(reference(), dtype, run);
        requireClose(actual.p!, expected.p!, engineTolerance[dtype], `seed ${seed}`);
      } catch (error) {
        failures.push(`${error}`);
      }
    }
    expect(failures).toEqual([]);
  }, 120_000);
});
