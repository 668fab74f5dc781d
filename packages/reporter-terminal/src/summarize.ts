import { type Event, runLabel } from "@downhill/core/train";
import { createRunLog, record } from "./run-log.js";
import type { RunSummary } from "./run-summary.js";

/**
 * The summary of a run from its events, in memory or read from a file.
 * @throws RangeError where there is no `run-end`: how the run ended is not known.
 */
export function summarize(events: Iterable<Event>): RunSummary {
  const log = createRunLog();
  for (const event of events) record(log, event);
  const { start, end, stepLoss, trainLoss } = log;
  if (end === undefined) {
    throw new RangeError(
      `summarize: the events of run ${JSON.stringify(start?.run ?? "")} have no "run-end". Is the file cut short?`,
    );
  }
  const { status, value, metrics, steps, evaluations, timeMs } = end;
  const curve = stepLoss.x.length >= trainLoss.x.length ? stepLoss : trainLoss;
  return {
    name: start ? runLabel(start) : "",
    status,
    value,
    metrics,
    steps,
    ...(evaluations !== undefined && { evaluations }),
    timeMs,
    curve: { x: curve.x, y: curve.y },
  };
}
