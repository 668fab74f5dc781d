import type { Event } from "@downhill/core/train";
import { reportPage } from "./page/report-page.js";
import { tell } from "./record/run-list.js";
import type { RunRecord } from "./record/run-record.js";

export interface ReportOptions {
  /** Heading of the page. Default the runs' names. */
  readonly title?: string;
}

/**
 * The report of one or several runs, from their events: one HTML page that needs nothing else.
 * @param runs Lists of events, in order, as a reporter gets them or as they were read from a file. A list may hold
 * several runs, one after another.
 */
export function renderReport(runs: readonly Iterable<Event>[], options: ReportOptions = {}): string {
  const records = runs.flatMap((events) => {
    const told: RunRecord[] = [];
    for (const event of events) tell(told, event);
    return told;
  });
  return reportPage(records, options);
}
