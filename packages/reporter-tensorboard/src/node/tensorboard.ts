import { join } from "node:path";
import type { Json, Reporter } from "@downhill/core/train";
import { createEventBuffer, type EventBuffer } from "../event-buffer.js";
import { createEventLog, type EventLog } from "../event-log.js";
import { type PaceOptions, paceOf } from "../pace.js";
import { createEventFile, cutEventFile, type EventFile, unusedFolder } from "./event-file.js";

export interface TensorboardFolderOptions extends PaceOptions {
  /**
   * The run's folder, made where it is missing. TensorBoard shows a folder as one run, with the hyper-parameters that it saw
   * first: where there is one already, another run goes into a folder within, `2`, `3`, and so on.
   */
  readonly path: string;
}

/**
 * Writes a run as a TensorBoard event file into a folder; `tensorboard --logdir` of a folder above it shows it while it
 * grows. A run that goes on from a checkpoint goes on in a new file of the folder: the old one loses what came after
 * the checkpoint, and the new one tells readers that have seen it to drop it.
 */
export function tensorboard({ path, ...pace }: TensorboardFolderOptions): Reporter {
  let open:
    | {
        readonly folder: string;
        readonly file: EventFile;
        readonly log: EventLog;
        readonly buffer: EventBuffer;
      }
    | undefined;
  /** Where a run goes on, and how many notices it had told. */
  let before: { readonly folder: string; readonly notices: number } | undefined;
  return {
    name: "tensorboard",
    ...paceOf(pace),
    on(event) {
      if (event.type === "run-start") {
        open?.file.close();
        const { folder, notices } = before ?? { folder: unusedFolder(path), notices: 0 };
        before = undefined;
        const file = createEventFile(join(path, folder), event.time);
        const log = createEventLog(event, notices);
        open = { folder, file, log, buffer: createEventBuffer(log, file.append) };
      }
      open?.buffer.add(event);
    },
    mark() {
      if (!open) throw new Error("no run has begun.");
      open.buffer.flush();
      const { folder, file, log } = open;
      return { folder, file: file.name, bytes: file.sync(), notices: log.notices };
    },
    resume(mark) {
      const { folder, file, bytes, notices } = checked(mark);
      cutEventFile(join(path, folder), file, bytes);
      before = { folder, notices };
    },
    end() {
      open?.buffer.flush();
      open?.file.close();
      open = undefined;
      before = undefined;
    },
  };
}

interface Mark {
  /** Within the path; its own name is empty. */
  readonly folder: string;
  readonly file: string;
  readonly bytes: number;
  readonly notices: number;
}

function checked(mark: Json): Mark {
  const { folder, file, bytes, notices } = (mark ?? {}) as { readonly [key: string]: Json };
  const isPlace = typeof folder === "string" && /^\d*$/.test(folder) && typeof file === "string";
  if (isPlace && typeof bytes === "number" && typeof notices === "number")
    return { folder, file, bytes, notices };
  throw new Error(
    `the checkpoint has no place in an event file: expected folder, file, bytes and notices, got ${JSON.stringify(mark)}.`,
  );
}
