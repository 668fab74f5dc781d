import type { Reporter } from "@downhill/core/train";
import { finalReport } from "./final-report.js";
import { linesView } from "./lines-view.js";
import { liveView } from "./live-view.js";
import { type TextStream, terminalLook } from "./look.js";
import { openOutput } from "./output.js";
import { createRunLog, record } from "./run-log.js";

export interface TerminalOptions {
  /** Where to write. Default `process.stderr`: stdout is for data. */
  readonly stream?: TextStream;
  /** Draw the loss curve while the run goes on, not at its end alone; on a terminal. Default `false`. */
  readonly plot?: boolean;
  /** Figures on the progress line, as "validation.accuracy". Default all but the training loss, validation first. */
  readonly metrics?: readonly string[];
  /** Logarithmic x axis of the loss curve. Default `false`. */
  readonly logX?: boolean;
  /** Logarithmic y axis of the loss curve. Default: where the losses are positive and span two powers of ten. */
  readonly logY?: boolean;
  /** The clock that spaces redraws, in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

/**
 * Shows a run in the terminal: a progress line redrawn at most ten times a second, and at the end the loss curve,
 * the landscape where the run told one, and a summary. Where nothing can be redrawn (a pipe, a file, `TERM=dumb`,
 * CI) each epoch has a line. What a run tells is made safe to print. One reporter may follow several runs, one after
 * another.
 */
export function terminal({
  stream = process.stderr,
  plot = false,
  metrics,
  logX,
  logY,
  now = () => performance.now(),
}: TerminalOptions = {}): Reporter {
  const axes = { logX, logY };
  const open = () => {
    const log = createRunLog();
    const output = openOutput(stream);
    const view = terminalLook(stream).interactive
      ? liveView(log, output, stream, { plot, axes, metrics, now })
      : linesView(log, output, stream, { metrics, now });
    return { log, output, view };
  };
  let run: ReturnType<typeof open> | undefined;
  let hasEnded = false;

  return {
    name: "terminal",
    // Often enough for a curve of a short run, seldom enough to cost a long one nothing.
    steps: { everyMs: 10 },
    on(event) {
      // A straggler of a run that has ended begins no new one.
      if (run === undefined && hasEnded && event.type !== "run-start") return;
      run ??= open();
      const { log, view } = run;
      if (log.end !== undefined) return;
      record(log, event);
      // What is left to say is said by `end`.
      if (event.type !== "run-end") view.show(event);
    },
    async end(timeoutMs) {
      if (run === undefined) return;
      const { log, output, view } = run;
      run = undefined;
      hasEnded = true;
      view.close();
      await output.finish(finalReport(log, terminalLook(stream), axes), timeoutMs);
    },
  };
}
