import type { Reporter } from "@downhill/core/train";

/** How often steps are told, and which probes are measured. */
export interface PaceOptions {
  /** Default at most every 100 ms. */
  readonly steps?: NonNullable<Reporter["steps"]>;
  /** Replaces the defaults: norms and angle with the steps, histograms every ten seconds. */
  readonly wants?: Omit<NonNullable<Reporter["wants"]>, "parameters">;
  /**
   * Share of the run's time to spend on loss and metrics of the training data after epochs, in [0, 1). Default 0.002; 0
   * leaves them to the end.
   */
  readonly trainMetrics?: number;
}

/** With the defaults. */
export function paceOf({
  steps = { everyMs: 100 },
  wants,
  trainMetrics = 0.002,
}: PaceOptions): Required<PaceOptions> {
  const histograms = { everyMs: 10_000 };
  const defaults = {
    ...{ gradientNorm: steps, stepNorm: steps, cosine: steps },
    ...{ parameterHistograms: histograms, gradientHistograms: histograms },
  };
  return { steps, wants: wants ?? defaults, trainMetrics };
}
