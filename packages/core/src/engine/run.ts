import type { Engine, Mode } from "./engine.js";

/**
 * Work that runs on synchronous and asynchronous engines alike: a generator that yields a promise wherever it
 * must wait, and yields nothing where the engine answered at once.
 */
export type Work<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** The answer, waited for if it is a promise. */
export function* settle<T>(answer: T | PromiseLike<T>): Work<T> {
  return isPromise(answer) ? ((yield answer) as T) : answer;
}

export function isPromise<T>(x: T | PromiseLike<T>): x is PromiseLike<T> {
  return typeof (x as PromiseLike<T> | undefined)?.then === "function";
}

/** Runs work to its end; a promise of the end where the engine is asynchronous. */
export function runWork<T>(work: Work<T>, engine: Engine<Mode>): T | Promise<T> {
  return engine.mode === "async" ? waitFor(work) : finish(work);
}

/** Runs work that never waits. */
export function finish<T>(work: Work<T>): T {
  const { done, value } = work.next();
  if (done) return value;
  throw new Error('A synchronous engine gave a promise. Engines with mode "sync" must answer at once.');
}

/** Runs work, waiting for each promise. */
export async function waitFor<T>(work: Work<T>): Promise<T> {
  let next = work.next();
  while (!next.done) {
    let answer: unknown;
    try {
      answer = await next.value;
    } catch (error) {
      next = work.throw(error);
      continue;
    }
    next = work.next(answer);
  }
  return next.value;
}
