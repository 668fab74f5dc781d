import type { Event, NoticeEvent, RunStart } from "@downhill/core/train";
import type { ByteQueue } from "./byte-queue.js";
import {
  createStepPoints,
  endValues,
  epochPoints,
  evaluationPoints,
  pointValues,
  startValues,
  stepHistograms,
} from "./event-values.js";
import { figureValues } from "./figure-values.js";
import { eventRecord, type Value, type What } from "./format/event-record.js";
import { createScalarRecords, type Points } from "./format/scalar-records.js";
import { markdownText } from "./safe-text.js";
import { text } from "./summary/text.js";
import { createWallClock } from "./wall-clock.js";

/** One event file's records, from a run's events. */
export interface EventLog {
  /** Adds the records that an event becomes. */
  take(event: Event, into: ByteQueue): void;
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
  function addValues(into: ByteQueue, event: Event, at: number, values: readonly Value[]): void {
    if (values.length > 0) into.add(eventRecord(clock(event), at, { values, needsMetadata }));
  }
  const addScalars = createScalarRecords((tag) => described.has(tag));
  /** Points of curves, and what else there is to see at the step. */
  function addPoints(into: ByteQueue, event: Event, points: Points, others: readonly Value[] = []): void {
    if (points.tags.length === 0 || others.length > 0 || !addScalars(into, clock(event), step, points))
      addValues(into, event, step, [...pointValues(points), ...others]);
  }

  function begin(into: ByteQueue): void {
    const { session, card } = startValues(start);
    const add = (at: number, what: What) => into.add(eventRecord(clock(start), at, what));
    add(0, { fileVersion: "brain.Event:2" });
    // Readers drop what earlier files of the folder say of this step and later ones: it never happened.
    add(start.from === 0 ? 0 : start.from + 1, { session: "start" });
    addValues(into, start, 0, [session]);
    addValues(into, start, start.from, [card]);
  }
  // A tag of its own for each, as TensorBoard keeps only a few texts of a tag, and one for a step.
  const notice = ({ level, message }: NoticeEvent) =>
    text(`notices/${++notices}`, `**${level}** ${markdownText(message)}`);

  const points = createStepPoints();
  return {
    get notices() {
      return notices;
    },
    take(event, into) {
      if ("step" in event) step = event.step;
      switch (event.type) {
        case "run-start":
          return begin(into);
        case "step":
          return addPoints(into, event, points(event), stepHistograms(event));
        case "epoch":
          return addPoints(into, event, epochPoints(event));
        case "evaluation":
          return addPoints(into, event, evaluationPoints(event));
        case "figure":
          return addValues(into, event, step, figureValues(event));
        case "notice":
          return addValues(into, event, step, [notice(event)]);
        case "checkpoint":
          return;
        case "run-end": {
          const { session, result } = endValues(event, clock(event));
          addValues(into, event, event.steps, result);
          addValues(into, event, 0, [session]);
        }
      }
    },
  };
}
