import type { DType, Engine, Floats, Layout, Program, Tensor, Write } from "@downhill/core";

/** What to run once, and the memory for it. */
export interface Run {
  readonly layout: Layout;
  readonly writes: readonly Write[];
  readonly placements?: readonly Write[];
  readonly hostScalars?: Readonly<Record<string, number>>;
  /** Numbers written before the run, by arena and name. */
  readonly given: Readonly<Record<string, Readonly<Record<string, ArrayLike<number>>>>>;
  /** Runs of the program. Default 1. */
  readonly times?: number;
}

/** Runs a program on an engine and reads all its memory back, by arena. */
export async function runProgram(engine: Engine, dtype: DType, run: Run): Promise<Record<string, Floats>> {
  const session = await engine.open(run.layout, dtype);
  try {
    for (const [arena, slots] of Object.entries(run.given)) {
      for (const [name, values] of Object.entries(slots)) session.write(arena, name, values);
    }
    const scalars = run.hostScalars ?? {};
    const program: Program = {
      writes: run.writes,
      hostScalars: Object.keys(scalars),
      ...(run.placements && { placements: run.placements }),
    };
    const kernel = await session.load(program);
    for (let i = 0; i < (run.times ?? 1); i++) await kernel.run(Float64Array.from(Object.values(scalars)));
    const result: Record<string, Floats> = {};
    for (const arena of Object.keys(run.layout)) result[arena] = await session.read(arena);
    return result;
  } finally {
    session.dispose();
  }
}

/** Writes one expression to `output:y`, its leaves being slots of `input`. */
export function evaluation(
  inputs: Readonly<Record<string, ArrayLike<number>>>,
  shapes: Layout[string],
  y: Tensor,
): Run {
  return {
    layout: { input: shapes, output: { y: y.shape } },
    writes: [{ arena: "output", name: "y", value: y }],
    given: { input: inputs },
  };
}
