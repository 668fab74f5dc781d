import { describe, expect, it } from "vitest";
import type { DType, Floats } from "../program/program.js";
import type { Engine, Kernel, Session } from "./engine.js";
import { js } from "./js/index.js";
import { openJs } from "./js/js.js";
import { light } from "./light/index.js";
import { type RandomProgram, randomProgram, seeded } from "./random-program.fixture.js";
import { reference } from "./reference.js";

const PROGRAMS = Number(process.env.DOWNHILL_FUZZ ?? 300);
const arenas = ["p", "m", "g", "x"];

const stepwise: typeof openJs = (layout, dtype) => openJs(layout, dtype, 0);

interface Opened {
  readonly session: Session<"sync">;
  readonly kernel: Kernel<"sync">;
}

/** Largest difference between the engine's memory and the interpreter's after each of two runs. */
function compare(
  engine: Engine<"sync">,
  { layout, program, defined }: RandomProgram,
  dtype: DType,
  seed: number,
): number {
  const [actual, expected] = [engine, reference()].map((each) => {
    const session = each.open(layout, dtype);
    return { session, kernel: session.load(program) };
  }) as [Opened, Opened];
  const next = seeded(seed);
  for (const arena of arenas) {
    expected.session.write(
      arena,
      undefined,
      expected.session.read(arena).map(() => 2 * next() - 1),
    );
  }
  let worst = 0;
  for (const t of [1, 2]) {
    // From the same numbers each time: a step may stand where the last run's rounding ended.
    for (const arena of arenas) actual.session.write(arena, undefined, expected.session.read(arena));
    for (const { kernel } of [actual, expected]) kernel.run(Float64Array.of(0.125, t, 12345 + t));
    for (const { arena, name } of defined) {
      worst = Math.max(worst, distance(actual.session.read(arena, name), expected.session.read(arena, name)));
    }
  }
  return worst;
}

function distance(actual: Floats, expected: Floats): number {
  let scale = 1;
  for (const x of expected) if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x));
  let worst = 0;
  actual.forEach((x, i) => {
    const y = expected[i]!;
    if (Object.is(x, y)) return;
    worst = Math.max(worst, Number.isFinite(x) && Number.isFinite(y) ? Math.abs(x - y) / scale : Infinity);
  });
  return worst;
}

describe.each([
  ["float64", 1e-12],
  ["float32", 2e-5],
] as const)("random programs in place, %s", (dtype, tolerance) => {
  it.each([
    ["js", js(), 1],
    ["light", light(), 1],
    ["js with a function for each step", { ...js(), open: stepwise }, 4],
  ] as const)(
    "give on %s what the out-of-place interpreter gives",
    (_, engine, every) => {
      const failures: string[] = [];
      for (let seed = every; seed <= PROGRAMS; seed += every) {
        const program = randomProgram(seed, dtype);
        try {
          const worst = compare(engine, program, dtype, seed);
          if (!(worst <= tolerance)) failures.push(`seed ${seed}: off by ${worst}`);
        } catch (error) {
          failures.push(`seed ${seed}: ${error}`);
        }
      }
      expect(failures).toEqual([]);
    },
    120_000,
  );
});
