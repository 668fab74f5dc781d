import { describe, expect, it } from "vitest";
import type { DType, Floats } from "../program/program.js";
import type { Engine } from "./engine.js";
import { js } from "./js/index.js";
import { type RandomProgram, randomProgram, seeded } from "./random-program.fixture.js";
import { reference } from "./reference.js";

const PROGRAMS = Number(process.env.DOWNHILL_FUZZ ?? 1500);
const arenas = ["p", "m", "x"];

/** What memory holds after each of two runs. */
function run(engine: Engine<"sync">, { layout, program }: RandomProgram, dtype: DType, seed: number): Floats[] {
  const session = engine.open(layout, dtype);
  const next = seeded(seed);
  for (const arena of arenas) {
    const values = session.read(arena).map(() => 2 * next() - 1);
    session.write(arena, undefined, values);
  }
  const kernel = session.load(program);
  return [1, 2].flatMap((t) => {
    kernel.run(Float64Array.of(0.125, t, 12345 + t));
    return arenas.map((arena) => session.read(arena));
  });
}

function distance(actual: Floats, expected: Floats): number {
  let scale = 1;
  for (const x of expected) if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x));
  let worst = 0;
  actual.forEach((x, i) => {
    if (!Object.is(x, expected[i])) worst = Math.max(worst, Math.abs(x - expected[i]!) / scale || 0, Number.isNaN(x) !== Number.isNaN(expected[i]) ? Infinity : 0);
  });
  return worst;
}

describe.each([
  ["float64", 1e-12],
  ["float32", 2e-5],
] as const)("random programs in place, %s", (dtype, tolerance) => {
  it.each([["js", js()]] as const)("give on %s what the out-of-place interpreter gives", (_, engine) => {
    const failures: string[] = [];
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const program = randomProgram(seed, dtype);
      const expected = run(reference(), program, dtype, seed);
      try {
        const actual = run(engine, program, dtype, seed);
        const worst = Math.max(...actual.map((x, i) => distance(x, expected[i]!)));
        if (!(worst <= tolerance)) failures.push(`seed ${seed}: off by ${worst}`);
      } catch (error) {
        failures.push(`seed ${seed}: ${error}`);
      }
    }
    expect(failures).toEqual([]);
  });
});
