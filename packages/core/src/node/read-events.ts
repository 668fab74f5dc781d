import { readFile } from "node:fs/promises";
import { decodeEvent } from "../train/event-line.js";
import type { Event } from "../train/events.js";
import { FormatError } from "../train/safetensors.js";
import { reasonOf } from "./reason.js";

/** What a file of events holds. */
export interface EventFile {
  readonly events: readonly Event[];
  /** Says so, where the last line is cut off, as a killed process leaves it; that line is left out. */
  readonly torn?: string;
}

/**
 * Reads a file that `ndjsonReporter` wrote, strictly: throws a FormatError with path and line for a line that is no
 * event, a first event that is no `run-start`, and one after `run-end`. Arrays are typed arrays again.
 */
export async function readEvents(path: string): Promise<EventFile> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    throw new FormatError(`${path} could not be read: ${reasonOf(error)}.`);
  }
  const lines = text.split("\n");
  const rest = lines.pop()!;
  const events: Event[] = [];
  lines.forEach((line, i) => {
    const wrong = (what: string) => new FormatError(`${path}, line ${i + 1}: ${what}`);
    let event: Event;
    try {
      event = decodeEvent(line);
    } catch (error) {
      throw wrong(`this is no event of a run: ${(error as Error).message}`);
    }
    if (i === 0 && event.type !== "run-start")
      throw wrong(`a run begins with run-start, not with ${event.type}.`);
    if (events.at(-1)?.type === "run-end") throw wrong(`${event.type} comes after the run's end.`);
    events.push(event);
  });
  if (events.length === 0)
    throw new FormatError(`${path} has no events${rest === "" ? "; it is empty" : ""}.`);
  if (rest === "") return { events };
  return {
    events,
    torn: `Line ${lines.length + 1} of ${path} is cut off after ${rest.length} characters and was left out.`,
  };
}
