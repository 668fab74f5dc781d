import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CheckpointError, type CheckpointStore } from "../train/checkpoint-store.js";
import { reasonOf } from "./reason.js";

/**
 * Keeps a run's last snapshot in a file. A new one is written beside it, made to outlive a loss of power, and then
 * put in its place: whenever the process is killed, the file is a whole snapshot, the one before or the new one. What
 * a killed process left of one is in `<path>.tmp`, which the next save replaces.
 *
 * Folders are made as needed. Throws a CheckpointError with path and reason where it cannot read or write; the
 * checkpoint before is intact then.
 */
export function fileCheckpoints(path: string): CheckpointStore {
  const unfinished = `${path}.tmp`;
  const folder = dirname(path);
  return {
    name: path,
    async save(snapshot) {
      try {
        await mkdir(folder, { recursive: true });
        const file = await open(unfinished, "w");
        try {
          await file.writeFile(snapshot);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, path);
        await syncFolder(folder);
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => {});
        throw new CheckpointError(
          `checkpoint ${path}: it could not be saved: ${reasonOf(error)}. What was saved before is intact.`,
        );
      }
    },
    async load() {
      try {
        return await readFile(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw new CheckpointError(`checkpoint ${path}: it could not be read: ${reasonOf(error)}.`);
      }
    },
  };
}

/** Makes a rename outlive a loss of power, where the system can: Windows opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
