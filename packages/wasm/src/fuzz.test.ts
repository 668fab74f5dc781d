import { reference } from "@downhill/core";
import { engineTolerance, randomRun, requireClose, runProgram } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { wasm } from "./wasm.js";

const PROGRAMS = Number(process.env.DOWNHILL_FUZZ ?? 600);

/** Short axes make for many programs; long ones reach what happens behind vectors, tiles and blocks of sums. */
const lengths = [
  { axes: "short axes", programs: PROGRAMS, make: (seed: number) => randomRun(seed) },
  { axes: "many rows", programs: PROGRAMS / 6, make: (seed: number) => randomRun(seed, 700, 6) },
  { axes: "long rows", programs: PROGRAMS / 6, make: (seed: number) => randomRun(seed, 6, 700) },
];

describe.each(["float64", "float32"] as const)("random programs that update in place, %s", (dtype) => {
  it.each(lengths)(
    "of $axes give what the out-of-place interpreter gives",
    async ({ programs, make }) => {
      const failures: string[] = [];
      for (let seed = 1; seed <= programs; seed++) {
        const run = make(seed);
        try {
          const actual = await runProgram(wasm({ fallback: false }), dtype, run);
          const expected = await runProgram(reference(), dtype, run);
          requireClose(actual.p!, expected.p!, engineTolerance[dtype], `seed ${seed}`);
        } catch (error) {
          failures.push(`${error}`);
        }
      }
      expect(failures).toEqual([]);
    },
    120_000,
  );
});
