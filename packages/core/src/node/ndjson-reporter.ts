import type { Writable } from "node:stream";
import { createEncoder } from "../train/event-encoder.js";
import type { Event } from "../train/events.js";
import type { Reporter } from "../train/reporter.js";
import { createRecordFile } from "./record-file.js";

/** How often, and which probes: as reporters say it. */
export type NdjsonOptions = Pick<Reporter, "steps" | "wants">;

/**
 * Writes events as lines of JSON, to a path or a stream. `readEvents` reads such a file.
 *
 * When a run goes on from a checkpoint, a file is cut back to where it was then and goes on without a second
 * `run-start`: with `steps` that do not depend on time ("always", every n-th) it has, times aside, the lines of a run
 * without interruption. A stream gets what comes.
 */
export function ndjsonReporter(to: string | Writable, options: NdjsonOptions = {}): Reporter {
  return typeof to === "string" ? toFile(to, options) : toStream(to, options);
}

const epochsWaitMs = 100;

function toFile(path: string, options: NdjsonOptions): Reporter {
  const file = createRecordFile(path);
  const encode = createEncoder();
  let isOver = false;
  return {
    name: "ndjson",
    ...options,
    on(event) {
      if (event.type === "run-start") {
        isOver = false;
        if (file.continues) return;
      }
      // A straggler of a run that has ended begins no new file.
      if (isOver) return;
      const line = encode(event);
      if (event.type === "step") file.addAt(event.timeMs, line);
      // Epochs may be as short as steps.
      else if (event.type === "epoch") file.addAt(event.timeMs, line, epochsWaitMs);
      else {
        file.add(line);
        file.flush();
      }
    },
    mark: () => file.mark(),
    resume: (mark) => file.resume(mark),
    end() {
      isOver = true;
      file.close();
    },
  };
}

function toStream(stream: Writable, options: NdjsonOptions): Reporter {
  let failure: Error | undefined;
  const encode = createEncoder();
  let isOver = false;
  const fail = (error: Error) => {
    failure = error;
  };
  // A pipe that is closed at its other end must not end the run.
  stream.on("error", fail);
  return {
    name: "ndjson",
    ...options,
    on(event: Event) {
      if (failure) throw failure;
      if (event.type === "run-start") isOver = false;
      if (isOver) return;
      stream.write(`${encode(event)}\n`);
    },
    async end() {
      isOver = true;
      // The stream is its owner's to end.
      if (!failure) await new Promise<void>((resolve) => stream.write("", () => resolve()));
      stream.off("error", fail);
    },
  };
}
