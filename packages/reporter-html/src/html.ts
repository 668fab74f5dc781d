import type { Reporter, When } from "@downhill/core/train";
import { gunzipSync, strFromU8 } from "fflate";
import { reportPage } from "./page/report-page.js";
import { embed, unembed } from "./record/embed.js";
import { fromBase64 } from "./record/packed.js";
import { tell, tellSteps } from "./record/run-list.js";
import type { RunRecord } from "./record/run-record.js";
import { createBatch, gather } from "./record/step-batch.js";
import type { ReportOptions } from "./render-report.js";
import { writeFileAtomically } from "./write-file.js";

export type HtmlOptions = ReportOptions & {
  /** How often to note the loss and the hyper-parameters. Default at most every 10 ms. */
  readonly steps?: When;
  /** How often to measure the norms of gradient and step and the cosine between them. Default at most every 10 ms. */
  readonly norms?: When;
  /** How often to measure histograms of parameters and gradients. Default at most every 500 ms. */
  readonly histograms?: When;
  /**
   * Share of the run's time to spend on loss and metrics of the training data after epochs, in [0, 1). Default 0.002; 0
   * leaves them to the end.
   */
  readonly trainMetrics?: number;
} & (
    | {
        /** Where to write the report, in Node; folders are made. */
        readonly path: string;
        readonly write?: never;
      }
    | {
        /** Gets the report, wherever there is no file to write. */
        readonly write: (page: string) => void | Promise<void>;
        readonly path?: never;
      }
  );

/**
 * Writes a report of a run when it has ended: one HTML file that needs nothing else. Memory is bounded, however long
 * the run. One reporter may follow several runs, one after another: each report shows all of them so far. That of a run
 * that goes on from a checkpoint shows what came before, too.
 */
export function html({
  path,
  write,
  // Often enough for smooth curves of a short run, seldom enough to cost a long one nothing.
  steps = { everyMs: 10 },
  norms = { everyMs: 10 },
  histograms = { everyMs: 500 },
  trainMetrics = 0.002,
  ...options
}: HtmlOptions): Reporter {
  const runs: RunRecord[] = [];
  const waiting = createBatch();
  const settle = () => tellSteps(runs, waiting);
  return {
    name: "html",
    steps,
    wants: {
      gradientNorm: norms,
      stepNorm: norms,
      cosine: norms,
      parameterHistograms: histograms,
      gradientHistograms: histograms,
    },
    trainMetrics,
    on(event) {
      if (event.type === "step" && event.probes === undefined) {
        if (gather(waiting, event)) settle();
        return;
      }
      settle();
      tell(runs, event);
    },
    // The report is written at the end alone: what it will show outlives the process in the checkpoint itself.
    mark() {
      settle();
      return embed(runs, 1);
    },
    resume(mark) {
      if (typeof mark !== "string")
        throw new Error("the checkpoint does not hold what the report had so far.");
      runs.splice(0, runs.length, ...unembed(strFromU8(gunzipSync(fromBase64(mark)))));
    },
    async end() {
      settle();
      if (runs.length === 0) return;
      const page = reportPage(runs, options);
      await (write === undefined ? writeFileAtomically(path, page) : write(page));
    },
  };
}
