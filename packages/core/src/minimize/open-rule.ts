import type { Kernel, Session } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { arenas } from "../optimizer/trace.js";
import type { Updater } from "../optimizer/updater.js";
import type { Layout, Write } from "../program/program.js";
import type { Problem } from "./descent.js";
import { loadKernel, openSession, outputLayout } from "./oracle.js";

/** A rule at work: the memory for it, at the start, and its programs. */
export interface RuleAtWork {
  readonly session: Session;
  load(writes: readonly Write[], placements?: readonly Write[]): Work<Kernel>;
  /** Runs a program that looks at the point reached. */
  look(kernel: Kernel): void | Promise<void>;
  /** Runs a program that updates the parameters. */
  move(kernel: Kernel): void | Promise<void>;
}

/** Opens the memory for a rule, with arenas of the driver's own, and sets parameters and state to their start. */
export function* openRule(
  updater: Updater,
  { start, shapes, engine, dtype }: Problem,
  own: Layout,
): Work<RuleAtWork> {
  const session = yield* openSession(
    engine,
    { [arenas.parameter]: shapes, [arenas.gradient]: shapes, ...own, ...updater.layout, ...outputLayout },
    dtype,
  );
  for (const [name, { data }] of Object.entries(start)) session.write(arenas.parameter, name, data);
  const { hostScalars } = updater;
  const load = (writes: readonly Write[], placements: readonly Write[] = []) =>
    loadKernel(session, { writes, hostScalars, placements });
  yield* settle((yield* load(updater.start)).run(updater.prepare(1)));
  let moves = 0;
  return {
    session,
    load,
    look: (kernel) => kernel.run(updater.prepare(Math.max(1, moves))),
    move(kernel) {
      const running = kernel.run(updater.prepare(++moves));
      updater.advance();
      return running;
    },
  };
}
