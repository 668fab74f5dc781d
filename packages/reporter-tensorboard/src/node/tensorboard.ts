import type { Json, Reporter } from "@downhill/core/train";
import { createEventBuffer, type EventBuffer } from "../event-buffer.js";
import { createEventLog, type EventLog } from "../event-log.js";
import { type PaceOptions, paceOf } from "../pace.js";
import { createEventFile, cutEventFile, type EventFile } from "./event-file.js";

export interface TensorboardFolderOptions extends PaceOptions {
  /** The run's folder, made where it is missing. TensorBoard shows a folder as one run, so give each run its own. */
  readonly path: string;
}

/**
 * Writes a run as a TensorBoard event file into a folder; `tensorboard --logdir` of a folder above it shows it while it
 * grows. A run that goes on from a checkpoint goes on in a new file of the folder: the old one loses what came after
 * the checkpoint, and the new one tells readers that have seen it to drop it.
 */
export function tensorboard({ path, ...pace }: TensorboardFolderOptions): Reporter {
  let open: { readonly file: EventFile; readonly log: EventLog; readonly buffer: EventBuffer } | undefined;
  let noticesBefore = 0;
  return {
    name: "tensorboard",
    ...paceOf(pace),
    on(event) {
      if (event.type === "run-start") {
        open?.file.close();
        const file = createEventFile(path, event.time);
        open = { file, log: createEventLog(event, noticesBefore), buffer: createEventBuffer(file.append) };
      }
      open?.buffer.add(event, open.log.take(event));
    },
    mark() {
      if (!open) throw new Error("no run has begun.");
      open.buffer.flush();
      return { file: open.file.name, bytes: open.file.sync(), notices: open.log.notices };
    },
    resume(mark) {
      const { file, bytes, notices } = checked(mark);
      cutEventFile(path, file, bytes);
      noticesBefore = notices;
    },
    end() {
      open?.buffer.flush();
      open?.file.close();
      open = undefined;
      noticesBefore = 0;
    },
  };
}

function checked(mark: Json): { readonly file: string; readonly bytes: number; readonly notices: number } {
  const { file, bytes, notices } = (mark ?? {}) as { readonly [key: string]: Json };
  if (typeof file === "string" && typeof bytes === "number" && typeof notices === "number")
    return { file, bytes, notices };
  throw new Error(
    `the checkpoint has no place in an event file: expected file, bytes and notices, got ${JSON.stringify(mark)}.`,
  );
}
