import type { Event, Probe, When } from "./events.js";

/**
 * Gets a run's events. A reporter that throws is dropped with a notice and never breaks a run; one that is slow
 * must do its work in `end` or elsewhere, for `on` is called inside the loop.
 */
export interface Reporter {
  readonly name: string;
  /** Probes to measure, and how often. What nobody wants is not computed. */
  readonly wants?: { readonly [K in Probe]?: When };
  /** How often it gets `step` events; the last step always arrives. Default at most every 100 ms. */
  readonly steps?: When;
  on(event: Event): void;
  /** Called once after `run-end`: flush within the time given. */
  end?(timeoutMs: number): Promise<void> | void;
}
