import type { Session } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import type { Floats } from "../program/program.js";

/** Arenas of a training, beside those of the optimizer. */
export const memory = {
  /** Rows of the step's batch. */
  batch: "batch",
  /** Rows to evaluate, a chunk of them. */
  rows: "rows",
  /** Parameters to evaluate. */
  point: "point",
  /** Σ w·∇l of the batches that wait to be joined. */
  accumulated: "accumulated",
  /** Scalars of a step. */
  output: "output",
  /** Losses of the last steps, for engines that are not asked in each step. */
  losses: "losses",
  /** Loss and predictions of rows evaluated. */
  evaluation: "evaluation",
} as const;

/** Scalars of a step, in this order. */
export const outputs = { value: [], gradientNorm: [], stepNorm: [], cosine: [] } as const;

/** The numbers of an arena or slot: themselves where the engine has them at hand, else a copy. */
export function* look(session: Session, arena: string, name?: string): Work<Floats> {
  const { view } = session as { view?: (arena: string, name?: string) => Floats };
  return view ? view(arena, name) : yield* settle<Floats>(session.read(arena, name) as Floats);
}
