import type { Run } from "@downhill/core/train";
import { exitCodes } from "./errors.js";

/** Whether somebody asked a run to end. */
export interface Interruption {
  readonly happened: boolean;
  /** Ends this run when it happens. */
  watch(run: Run<unknown>): void;
  /** Lets signals do again what they did before. */
  release(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ends a run at its next step on Ctrl-C or a request to terminate; a second one ends the process at once. */
export function catchSignals(): Interruption {
  let run: Run<unknown> | undefined;
  let happened = false;
  function onSignal(signal: NodeJS.Signals): void {
    if (happened || run === undefined) process.exit(exitCodes.interrupted);
    happened = true;
    // Whoever awaits the run hears of its errors.
    run.stop(`Interrupted by ${signal}.`).catch(() => {});
  }
  for (const signal of signals) process.on(signal, onSignal);
  return {
    get happened() {
      return happened;
    },
    watch(started) {
      run = started;
    },
    release() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
