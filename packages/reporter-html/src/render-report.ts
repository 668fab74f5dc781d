import type { Event } from "@downhill/core/train";
import { reportPage } from "./page/report-page.js";
import { createRecord, record } from "./record/run-record.js";

export interface ReportOptions {
  /** Heading of the page. Default the runs' names. */
  readonly title?: string;
}

/**
 * The report of one or several runs, from their events: one HTML page that needs nothing else.
 * @param runs The events of each run, in order, as a reporter gets them or as they were read from a file.
 */
export function renderReport(runs: readonly Iterable<Event>[], options: ReportOptions = {}): string {
  const records = runs.map((events) => {
    const run = createRecord();
    for (const event of events) record(run, event);
    return run;
  });
  return reportPage(records, options);
}
