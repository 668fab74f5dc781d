import { type Work, waitFor } from "../engine/run.js";
import { pause } from "./breath.js";
import { createTurnstile } from "./turnstile.js";

/** A step as an iterator sees it. */
export interface StepInfo {
  /** Updates made: the first is 1. */
  readonly step: number;
  /** Epochs begun: the first is 1. */
  readonly epoch: number;
  /** Loss of this step's rows before the update. */
  readonly value: number;
  /** Milliseconds of training so far, resumed parts included. */
  readonly timeMs: number;
}

/**
 * A training under way: `await` it for its result, or look at every step with `for await`, which makes training
 * wait for the loop's body; `break` stops it. It begins by itself, in a task of its own.
 */
export interface Run<R> extends PromiseLike<R>, AsyncIterable<StepInfo> {
  /** Ends the run before its next step; resolves with the result. Nothing changes where it has ended. */
  stop(why?: string): Promise<R>;
}

/** What a run's work has of those who watch it. */
export interface Control {
  /** Why the run is to end now, in a sentence; undefined while it may go on. */
  stopped(): string | undefined;
  /** Whether somebody iterates over the steps. */
  watched(): boolean;
  /** Shows a step to the iterator, which tells when it is done with it. */
  show(step: StepInfo): Promise<void> | undefined;
}

export function createRun<R>(signal: AbortSignal | undefined, work: (control: Control) => Work<R>): Run<R> {
  const turnstile = createTurnstile<StepInfo>();
  let reason: string | undefined;
  const control: Control = {
    stopped: () => reason ?? (signal?.aborted ? "The caller's signal stopped the run." : undefined),
    watched: turnstile.visited,
    show: turnstile.show,
  };
  // The caller may begin to iterate before anything happens.
  const result = pause()
    .then(() => waitFor(work(control)))
    .then(
      (end) => {
        turnstile.end();
        return end;
      },
      (error: unknown) => {
        turnstile.end({ error });
        throw error;
      },
    );
  // A run is awaited.
  return {
    then: (onResult, onError) => result.then(onResult, onError),
    stop(why = "The caller stopped the run.") {
      reason ??= why;
      return result;
    },
    [Symbol.asyncIterator]() {
      // The loop throws the error; nobody need await the run besides.
      result.catch(() => {});
      return turnstile.iterate(() => {
        reason ??= "The caller left the loop over the steps.";
        return result;
      });
    },
  };
}
