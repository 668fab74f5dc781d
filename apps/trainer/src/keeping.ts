import { access, readFile } from "node:fs/promises";
import { fileCheckpoints } from "@downhill/core/node";
import type { Checkpointing, Reporter } from "@downhill/core/train";
import { UsageError } from "./errors.js";
import type { Interruption } from "./interruption.js";
import { requireWritableFile } from "./write-file.js";

/** What the flags say about checkpoints. */
export interface KeepingFlags {
  readonly checkpoint?: string;
  readonly checkpointEvery?: number;
  readonly resume?: true | string;
}

/** Where a run is kept, and from where it goes on. */
export interface Keeping {
  readonly path: string;
  readonly checkpoint: Checkpointing;
  readonly resume: boolean | Uint8Array;
  /** What a reporter may hear of it. */
  readonly tell: (reporter: Reporter) => Reporter;
}

export async function keepingOf(flags: KeepingFlags, interruption: Interruption): Promise<Keeping> {
  const { checkpoint, checkpointEvery, resume = false } = flags;
  const path = checkpoint ?? (typeof resume === "string" ? resume : undefined);
  if (path === undefined) {
    if (resume)
      throw new UsageError("--resume needs the checkpoint's file: --resume <file>, or --checkpoint <file>.");
    if (checkpointEvery) throw new UsageError("--checkpoint-every needs --checkpoint <file>.");
    return lastResort(interruption);
  }
  await requireWritableFile(checkpoint === undefined ? "--resume" : "--checkpoint", path);
  // "Go on if you can" is said without a name; a file that is named must be there.
  if (typeof resume === "string") await access(resume);
  const pace = checkpointEvery === undefined ? {} : { everyEpochs: checkpointEvery };
  return {
    path,
    checkpoint: { store: fileCheckpoints(path), ...pace },
    resume: typeof resume === "string" && resume !== path ? await readFile(resume) : resume !== false,
    tell: (reporter) => reporter,
  };
}

/** A run that nobody asked to keep is kept all the same when it is interrupted; else nothing is written. */
function lastResort(interruption: Interruption): Keeping {
  const path = `interrupted-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.checkpoint`;
  const file = fileCheckpoints(path);
  const store = {
    name: path,
    load: async () => undefined,
    async save(snapshot: Uint8Array) {
      if (interruption.happened) await file.save(snapshot);
    },
  };
  return {
    path,
    checkpoint: { store, everyMs: Number.POSITIVE_INFINITY },
    resume: false,
    tell: (reporter) => ({
      ...reporter,
      on(event) {
        if (event.type !== "checkpoint" || interruption.happened) reporter.on(event);
      },
    }),
  };
}
