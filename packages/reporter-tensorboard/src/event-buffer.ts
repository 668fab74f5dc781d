import type { Event } from "@downhill/core/train";
import { ByteQueue } from "./byte-queue.js";
import type { EventLog } from "./event-log.js";

const maxWaiting = 1 << 18;
const maxWaitingMs = 1000;

/** Gathers records, so that a run of fast steps does not write each of them by itself. */
export interface EventBuffer {
  /**
   * Adds an event's records; they go out at once, but for those of curves, which may wait for one that is a second
   * later than the last that went out.
   */
  add(event: Event): void;
  flush(): void;
}

export function createEventBuffer(
  log: EventLog,
  write: (bytes: Uint8Array<ArrayBuffer>) => void,
): EventBuffer {
  const waiting = new ByteQueue();
  // Events say themselves when they were: next to small steps, it takes long to look at the clock.
  let latestMs = 0;
  let flushedAtMs = Number.NEGATIVE_INFINITY;
  const buffer = {
    add(event: Event) {
      log.take(event, waiting);
      const { type } = event;
      const mayWait = type === "step" || type === "epoch" || type === "evaluation";
      if (mayWait) latestMs = event.timeMs;
      if (!mayWait || waiting.size >= maxWaiting || latestMs - flushedAtMs >= maxWaitingMs) buffer.flush();
    },
    flush() {
      flushedAtMs = latestMs;
      if (waiting.size > 0) write(waiting.take());
    },
  };
  return buffer;
}
