import type { Event } from "@downhill/core/train";

const maxWaiting = 1 << 18;
const maxWaitingMs = 1000;

/** Gathers records, so that a run of fast steps does not write each of them by itself. */
export interface EventBuffer {
  /** Adds an event's records; they go out at once, but for those of curves, which may wait for a second. */
  add(event: Event, records: readonly Uint8Array[]): void;
  flush(): void;
}

export function createEventBuffer(write: (bytes: Uint8Array<ArrayBuffer>) => void): EventBuffer {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let flushedAtMs = Number.NEGATIVE_INFINITY;
  const buffer = {
    add({ type }: Event, records: readonly Uint8Array[]) {
      for (const record of records) {
        waiting.push(record);
        size += record.length;
      }
      const mayWait = type === "step" || type === "epoch" || type === "evaluation";
      if (!mayWait || size >= maxWaiting || performance.now() - flushedAtMs >= maxWaitingMs) buffer.flush();
    },
    flush() {
      flushedAtMs = performance.now();
      if (size === 0) return;
      const bytes = new Uint8Array(size);
      let position = 0;
      for (const record of waiting) {
        bytes.set(record, position);
        position += record.length;
      }
      waiting = [];
      size = 0;
      write(bytes);
    },
  };
  return buffer;
}
