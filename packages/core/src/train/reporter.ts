import type { Event, Json, Probe, When } from "./events.js";

/**
 * Gets a run's events. A reporter that throws, or whose calls of `on` hold the run up, is dropped with a notice and
 * never breaks a run: slow work belongs in `end` or elsewhere, for `on` is called inside the loop.
 */
export interface Reporter {
  readonly name: string;
  /** Probes to measure, and how often. What nobody wants is not computed. */
  readonly wants?: { readonly [K in Probe]?: When };
  /** How often it gets `step` events; the last step always arrives. Default at most every 100 ms. */
  readonly steps?: When;
  /**
   * Share of the run's time, in [0, 1), to spend on loss and metrics of the training data, which come in `evaluation`
   * events after epochs, more and more rarely. Default 0: they are found at the end alone.
   */
  readonly trainMetrics?: number;
  on(event: Event): void;
  /**
   * Called when a checkpoint is taken: makes all that it was told outlive the process, and says as JSON where it
   * stands. The checkpoint keeps it.
   */
  mark?(): Json;
  /**
   * Called before `run-start` when a run goes on from a checkpoint, with what `mark` said then: all that it was told
   * later never happened, and is told again.
   */
  resume?(mark: Json): void;
  /** Called once after `run-end`: flush within the time given. */
  end?(timeoutMs: number): Promise<void> | void;
}
