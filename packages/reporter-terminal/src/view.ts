import type { Event, NoticeEvent } from "@downhill/core/train";
import type { Ansis } from "ansis";
import { sanitize } from "./text.js";

/** How a run is shown while it goes on. */
export interface View {
  /** Shows an event that the log has recorded. */
  show(event: Event): void;
  /** Leaves the stream as it was found; the run's last state stays on it where no summary will follow. */
  close(): void;
}

/** A notice as one line. */
export function noticeLine({ level, message }: NoticeEvent, paint: Ansis, braille: boolean): string {
  const head = level === "warning" ? paint.yellow.bold("warning:") : paint.dim("note:");
  return `${head} ${sanitize(message, { ascii: !braille })}`;
}

/** Lets each notice through once. */
export function onceEach(): (notice: NoticeEvent) => boolean {
  const seen = new Set<string>();
  return ({ level, message }) => {
    const key = `${level} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}
