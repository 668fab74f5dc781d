import { headline } from "./final-report.js";
import { paintFor, type TextStream, terminalLook } from "./look.js";
import type { Output } from "./output.js";
import { epochLine } from "./progress-line.js";
import type { RunLog } from "./run-log.js";
import { noticeLine, onceEach, type View } from "./view.js";

export interface LinesOptions {
  readonly metrics: readonly string[] | undefined;
  readonly now: () => number;
}

// Full-batch runs have thousands of epochs, each a single step: a log should not.
const firstEpochs = 100;
const laterEpochMs = 1_000;

/** A log: a line for each epoch, after the first hundred at most one a second, and the last one always. */
export function linesView(
  log: RunLog,
  output: Output,
  stream: TextStream,
  { metrics, now }: LinesOptions,
): View {
  const { color, braille, width } = terminalLook(stream);
  const paint = paintFor(color);
  const isNew = onceEach();
  const line = () => epochLine(log, { width, braille, paint, metrics });
  let epochs = 0;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let isWritten = true;

  return {
    show(event) {
      if (event.type === "run-start") output.write(`${headline(event, { color, braille })}\n`);
      if (event.type === "notice" && isNew(event)) output.write(`${noticeLine(event, paint, braille)}\n`);
      if (event.type !== "epoch") return;
      epochs++;
      isWritten = epochs <= firstEpochs || now() - writtenAt >= laterEpochMs;
      if (!isWritten) return;
      output.write(`${line()}\n`);
      writtenAt = now();
    },
    close() {
      if (!isWritten) output.write(`${line()}\n`);
    },
  };
}
