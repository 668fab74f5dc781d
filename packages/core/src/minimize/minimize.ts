import type { Engine } from "../engine/engine.js";
import { light } from "../engine/light/index.js";
import { finish, runWork, type Work, waitFor } from "../engine/run.js";
import type { Callback, Objective } from "./objective.js";
import type { MinimizeOptions } from "./options.js";
import type { Result, Step } from "./result.js";
import { openSearch, type Search, type Starts } from "./search.js";

type Answer<E extends Engine, T> = E extends Engine<infer M> ? ("async" extends M ? Promise<T> : T) : never;

/**
 * Minimises a function of named parameters, from `start`, by an optimizer, until a criterion is met.
 *
 * `f` is traced: `({ x, y }) => x.sub(1).square().add(…)` builds an expression, whose gradient and update run as
 * one program. `{ evaluate: ({ x, y }) => … }` takes plain code instead. The result holds the parameters in the form of the start,
 * the value there, and a status that is true at that very point. A promise on an asynchronous engine.
 *
 * Computes in float64 unless told otherwise. Throws on parameters or options that make no sense, never because
 * a run did not converge.
 */
export function minimize<const P extends Starts, E extends Engine = Engine<"sync">>(
  f: Objective<NoInfer<P>> | Callback<NoInfer<P>>,
  options: MinimizeOptions<P, E>,
): Answer<E, Result<P>> {
  const engine: Engine = options.engine ?? light();
  return runWork(descend(f as Objective<Starts>, options, engine), engine) as Answer<E, Result<P>>;
}

/**
 * The same as an iterator: each point as it is reached, from the start to the last, with `break` at will. The iterator's
 * return value is the result. An async iterator on an asynchronous engine.
 */
export function minimizeSteps<const P extends Starts, E extends Engine = Engine<"sync">>(
  f: Objective<NoInfer<P>> | Callback<NoInfer<P>>,
  options: MinimizeOptions<P, E>,
): E extends Engine<infer M>
  ? "async" extends M
    ? AsyncGenerator<Step<P>, Result<P>, void>
    : Generator<Step<P>, Result<P>, void>
  : never {
  const engine: Engine = options.engine ?? light();
  const opening = openSearch(f as Objective<Starts>, options, engine);
  const steps = engine.mode === "async" ? asyncSteps(opening) : syncSteps(opening);
  return steps as never;
}

function* syncSteps(opening: Work<Search>): Generator<Step<Starts>, Result<Starts>, void> {
  const search = finish(opening);
  try {
    let last = -1;
    for (let ended = false; !ended; ) {
      ended = finish(search.advance(1));
      const step = finish(search.look());
      // A run that diverges ends at a point that was shown already.
      if (step.step !== last && Number.isFinite(step.value)) yield step;
      last = step.step;
    }
    return finish(search.result());
  } finally {
    search.dispose();
  }
}

async function* asyncSteps(opening: Work<Search>): AsyncGenerator<Step<Starts>, Result<Starts>, void> {
  const search = await waitFor(opening);
  try {
    let last = -1;
    for (let ended = false; !ended; ) {
      ended = await waitFor(search.advance(1));
      const step = await waitFor(search.look());
      if (step.step !== last && Number.isFinite(step.value)) yield step;
      last = step.step;
    }
    return await waitFor(search.result());
  } finally {
    search.dispose();
  }
}

function* descend(
  f: Objective<Starts>,
  options: MinimizeOptions<Starts, Engine>,
  engine: Engine,
): Work<Result<Starts>> {
  const search = yield* openSearch(f, options, engine);
  try {
    if (options.history) while (!(yield* search.advance(1))) yield* search.look();
    else yield* search.advance(Infinity);
    return yield* search.result();
  } finally {
    search.dispose();
  }
}
