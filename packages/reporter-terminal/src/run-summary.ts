import type { Status } from "@downhill/core";
import type { Metrics, Num } from "@downhill/core/train";

/** How a run went, for tables and comparisons. Made by hand from any result, or by `summarize` from events. */
export interface RunSummary {
  /** What tells it from other runs: the optimizer's name, say. */
  readonly name: string;
  readonly status: Status;
  /** Loss or objective reached. */
  readonly value: Num;
  /** Figures by part of the data. */
  readonly metrics?: Metrics;
  readonly steps: number;
  /** Evaluations of the objective and of its gradient, where they were counted. */
  readonly evaluations?: number;
  readonly timeMs: number;
  /** Values against steps. */
  readonly curve?: { readonly x?: ArrayLike<number>; readonly y: ArrayLike<number> };
}
