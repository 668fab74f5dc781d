import type { DType, Engine } from "@downhill/core";
import { reference } from "@downhill/core";
import type { Check } from "./check.js";
import { requireClose } from "./check.js";
import { engineMemory } from "./engine-memory.js";
import { engineOperators } from "./engine-operators.js";
import { enginePrograms } from "./engine-programs.js";
import { type Run, runProgram } from "./run-program.js";

/** How far an engine may be from the float64 reference, relative to the largest magnitude. */
export const engineTolerance: Readonly<Record<DType, number>> = { float32: 1e-5, float64: 1e-12 };

/**
 * What must hold of an engine, in every dtype it has: every operator, memory, in-place updates, random programs,
 * whole training steps. Fallbacks to another engine must be off, so that it is this one that is looked at.
 */
export const engineSuite: readonly Check<Engine>[] = [
  ...[...engineOperators, ...enginePrograms].map(({ title, make }) => agreement(title, make)),
  ...engineMemory,
];

/** A program whose results must agree with the reference. */
export interface Agreement {
  readonly title: string;
  readonly make: () => Run;
}

/** Requires the engine to agree with the reference, in every dtype it has. */
export function agreement(title: string, make: () => Run): Check<Engine> {
  return {
    title,
    async run(engine) {
      const run = make();
      for (const dtype of engine.dtypes) {
        // Inputs as the engine can hold them, so that only its arithmetic is compared.
        const given = dtype === "float32" ? rounded(run) : run;
        const expected = await runProgram(reference(), "float64", given);
        const actual = await runProgram(engine, dtype, run);
        for (const arena of Object.keys(run.layout)) {
          if (arena === "gradient") continue; // Placements hold nothing defined after a run.
          requireClose(
            actual[arena]!,
            expected[arena]!,
            engineTolerance[dtype],
            `${title}, ${dtype}, ${arena}`,
          );
        }
      }
    },
  };
}

function rounded(run: Run): Run {
  const given = Object.entries(run.given).map(([arena, slots]) => [
    arena,
    Object.fromEntries(Object.entries(slots).map(([name, values]) => [name, Float32Array.from(values)])),
  ]);
  return { ...run, given: Object.fromEntries(given) };
}
