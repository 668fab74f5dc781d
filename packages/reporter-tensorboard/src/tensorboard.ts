import type { Reporter } from "@downhill/core/train";
import { createEventBuffer, type EventBuffer } from "./event-buffer.js";
import { createEventLog } from "./event-log.js";
import { type PaceOptions, paceOf } from "./pace.js";

export interface TensorboardOptions extends PaceOptions {
  /**
   * Gets the bytes of an event file piece by piece, whole records each. A file that they are saved to must have
   * "tfevents" in its name, and a run that goes on needs a file of its own, later in alphabetical order, in the same
   * folder. Promises are awaited in the end.
   */
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>;
}

/** Writes a run as a TensorBoard event file, wherever `write` puts it. For files in Node there is the subpath `/node`. */
export function tensorboard({ write, ...pace }: TensorboardOptions): Reporter {
  let buffer: EventBuffer | undefined;
  let written: Promise<unknown>[] = [];
  let failure: { readonly error: unknown } | undefined;

  function send(bytes: Uint8Array<ArrayBuffer>): void {
    const result = write(bytes);
    if (result === undefined) return;
    const done = result.then(
      () => void (written = written.filter((other) => other !== done)),
      (error: unknown) => void (failure ??= { error }),
    );
    written.push(done);
  }
  const check = () => {
    if (failure) throw failure.error;
  };
  return {
    name: "tensorboard",
    ...paceOf(pace),
    on(event) {
      check();
      if (event.type === "run-start") buffer = createEventBuffer(createEventLog(event), send);
      buffer?.add(event);
    },
    async end() {
      buffer?.flush();
      buffer = undefined;
      await Promise.all(written);
      check();
    },
  };
}
