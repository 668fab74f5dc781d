/**
 * How a run ended. "converged" is checked at the returned point and never inferred from small changes;
 * those are "stalled".
 */
export type Status =
  | {
      readonly kind: "converged";
      /** The gradient's norm is within its tolerance, or the value (or metric) has reached its target. */
      readonly criterion: "gradient" | "target";
      /** The gradient norm or value reached. */
      readonly achieved: number;
      readonly why: string;
    }
  | {
      /** limit: steps, evaluations or time spent. stalled: no further progress. diverged: a non-finite value.
       * stopped: by the caller, a signal or early stopping. */
      readonly kind: "limit" | "stalled" | "diverged" | "stopped";
      /** Gradient norm at the returned point where it is known, else the value. */
      readonly achieved: number;
      readonly why: string;
    };
