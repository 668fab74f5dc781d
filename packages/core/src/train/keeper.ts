import type { Floats } from "../program/program.js";

/**
 * Keeps the last point of a run that is known to be good: the one at the end of an epoch, once a loss was found
 * finite there. A run that diverges goes back to it.
 */
export interface Keeper {
  /** A copy of the last good point. */
  readonly good: Floats;
  /** A copy of the point at the end of the last epoch, or of the start. */
  readonly latest: Floats;
  /** Updates made at the good point. */
  readonly step: number;
  /** Updates in a row, counted in whole epochs, that changed no parameter. */
  readonly unmoved: number;
  /** Whether the point at the end of the last epoch waits for its first loss. */
  readonly waiting: boolean;
  /** The point at the end of an epoch of so many updates. */
  propose(point: Floats, step: number): void;
  /** A loss at the point proposed is finite. */
  confirm(): void;
}

export interface KeeperState {
  readonly step: number;
  readonly unmoved: number;
  readonly waiting: boolean;
}

/** A keeper of the start; or of a saved point, where the current one may be waiting. */
export function createKeeper(
  start: Floats,
  saved?: KeeperState & { readonly good: Floats; readonly now: number },
): Keeper {
  let good = saved ? saved.good.slice() : start.slice();
  let next = start.slice();
  let [step, unmoved, waiting, nextStep] = saved
    ? [saved.step, saved.unmoved, saved.waiting, saved.now]
    : [0, 0, false, 0];
  return {
    get good() {
      return good;
    },
    get latest() {
      return waiting ? next : good;
    },
    get step() {
      return step;
    },
    get unmoved() {
      return unmoved;
    },
    get waiting() {
      return waiting;
    },
    propose(point, at) {
      const [before, beforeStep] = waiting ? [next, nextStep] : [good, step];
      unmoved = equal(point, before) ? unmoved + at - beforeStep : 0;
      next.set(point);
      nextStep = at;
      waiting = true;
    },
    confirm() {
      if (!waiting) return;
      [good, next] = [next, good];
      step = nextStep;
      waiting = false;
    },
  };
}

function equal(a: Floats, b: Floats): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
