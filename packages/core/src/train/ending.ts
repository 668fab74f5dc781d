import { show } from "../minimize/judge.js";
import type { Status } from "../status.js";
import type { Target } from "./options.js";

/** Why a run is to end, before its last evaluation. */
export interface Ending {
  readonly kind: Status["kind"];
  readonly criterion?: "gradient" | "target";
  /** Which parameters to return: those of the last update, or the last ones known to be good. */
  readonly at: "last" | "good";
  /** The figure that decided, where one did. */
  readonly achieved?: number;
  readonly why: string;
  /** Whether a run without interruption would have ended here too. */
  readonly final: boolean;
}

export const endings = {
  gradient: (norm: number, tolerance: number, at: Ending["at"]): Ending => ({
    kind: "converged",
    criterion: "gradient",
    at,
    achieved: norm,
    why: `The gradient norm ${show(norm)} is within the tolerance ${tolerance}.`,
    final: true,
  }),
  target: ({ metric, value }: Target, achieved: number): Ending => ({
    kind: "converged",
    criterion: "target",
    at: "last",
    achieved,
    why: `${metric} = ${show(achieved)} has reached the target ${value}.`,
    final: true,
  }),
  limit: (what: string): Ending => ({
    kind: "limit",
    at: "last",
    why: `The limit of ${what} is reached.`,
    final: false,
  }),
  stopped: (why: string): Ending => ({ kind: "stopped", at: "last", why, final: false }),
  earlyStopped: (monitor: string, patience: number, best: string): Ending => ({
    kind: "stopped",
    at: "last",
    why: `${monitor} was not better for ${patience} evaluation${patience === 1 ? "" : "s"}; ${best}.`,
    final: true,
  }),
  stalled: (why: string): Ending => ({ kind: "stalled", at: "last", why, final: true }),
  diverged: (step: number, what: string): Ending => ({
    kind: "diverged",
    at: "good",
    why:
      step === 1
        ? `The ${what} at the start. Look at the data's scale and the initial parameters.`
        : `The ${what} at step ${step}; the last parameters known to be good are returned. ` +
          "Try a smaller learning rate, or clip gradients.",
    final: false,
  }),
};
