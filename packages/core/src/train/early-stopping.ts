import type { Floats } from "../program/program.js";
import type { Mode } from "./metric-path.js";
import type { Best } from "./result.js";

export interface StopperState {
  readonly best?: Best;
  readonly point?: Floats;
  readonly waited: number;
}

/** Remembers the best evaluation and counts those since. */
export interface Stopper {
  readonly best: Best | undefined;
  /** Parameters of the best evaluation. */
  readonly point: Floats | undefined;
  /** Evaluations since the best one. */
  readonly waited: number;
  /** A figure found, and the parameters it was found at. */
  see(figure: Best, point: Floats): void;
  load(state: StopperState): void;
}

export function createStopper(mode: Mode, minDelta = 0): Stopper {
  const sign = mode === "min" ? 1 : -1;
  const stopper = {
    best: undefined as Best | undefined,
    point: undefined as Floats | undefined,
    waited: 0,
    see(figure: Best, point: Floats) {
      const bar = stopper.best ? sign * stopper.best.value - minDelta : Infinity;
      // NaN is never better; the first figure is, if it is a number.
      if (sign * figure.value < bar) {
        stopper.best = figure;
        if (stopper.point) stopper.point.set(point);
        else stopper.point = point.slice();
        stopper.waited = 0;
      } else {
        stopper.waited++;
      }
    },
    load({ best, point, waited }: StopperState) {
      Object.assign(stopper, { best, point, waited });
    },
  };
  return stopper;
}
