import type { Event, NoticeEvent, RunStart, StepEvent } from "@downhill/core/train";
import {
  endValues,
  epochValues,
  evaluationValues,
  startValues,
  stepHistograms,
  stepPoints,
} from "./event-values.js";
import { figureValues } from "./figure-values.js";
import { eventRecord, type Value, type What } from "./format/event-record.js";
import { createScalarRecords } from "./format/scalar-records.js";
import { markdownText } from "./safe-text.js";
import { scalar } from "./summary/scalar.js";
import { text } from "./summary/text.js";
import { createWallClock } from "./wall-clock.js";

/** One event file's records, from a run's events. */
export interface EventLog {
  /** The records that an event becomes. */
  take(event: Event): Uint8Array<ArrayBuffer>[];
  /** Notices told so far, those before the file included. */
  readonly notices: number;
}

/** Begins an event file with a run, of which `noticesBefore` are told in earlier files. */
export function createEventLog(start: RunStart, noticesBefore = 0): EventLog {
  const clock = createWallClock(start);
  const described = new Set<string>();
  let step = start.from;
  let notices = noticesBefore;

  const needsMetadata = (tag: string) => !described.has(tag) && described.add(tag) !== undefined;
  const values = (event: Event, at: number, list: readonly Value[]) =>
    list.length === 0 ? [] : [eventRecord(clock(event), at, { values: list, needsMetadata })];

  function begin(): Uint8Array<ArrayBuffer>[] {
    const { session, card } = startValues(start);
    const record = (at: number, what: What) => eventRecord(clock(start), at, what);
    return [
      record(0, { fileVersion: "brain.Event:2" }),
      // Readers drop what earlier files of the folder say of this step and later ones: it never happened.
      record(start.from === 0 ? 0 : start.from + 1, { session: "start" }),
      ...values(start, 0, [session]),
      ...values(start, start.from, [card]),
    ];
  }
  // A tag of its own for each, as TensorBoard keeps only a few texts of a tag, and one for a step.
  const notice = ({ level, message }: NoticeEvent) =>
    text(`notices/${++notices}`, `**${level}** ${markdownText(message)}`);

  const scalars = createScalarRecords();
  const tagsKnown = new Set<string>();
  function stepRecords(event: StepEvent): Uint8Array<ArrayBuffer>[] {
    const points = stepPoints(event);
    const histograms = stepHistograms(event);
    if (histograms.length === 0 && points.every(([tag]) => tagsKnown.has(tag)))
      return [scalars(clock(event), step, points)];
    for (const [tag] of points) tagsKnown.add(tag);
    return values(event, step, [...points.map(([tag, value]) => scalar(tag, value)), ...histograms]);
  }

  return {
    get notices() {
      return notices;
    },
    take(event) {
      if ("step" in event) step = event.step;
      switch (event.type) {
        case "run-start":
          return begin();
        case "step":
          return stepRecords(event);
        case "epoch":
          return values(event, step, epochValues(event));
        case "evaluation":
          return values(event, step, evaluationValues(event));
        case "figure":
          return values(event, step, figureValues(event));
        case "notice":
          return values(event, step, [notice(event)]);
        case "checkpoint":
          return [];
        case "run-end": {
          const { session, result } = endValues(event, clock(event));
          return [...values(event, event.steps, result), ...values(event, 0, [session])];
        }
      }
    },
  };
}
