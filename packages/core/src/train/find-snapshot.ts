import type { Work } from "../engine/run.js";
import { CheckpointError } from "./checkpoint-store.js";
import type { Settings } from "./options.js";
import { decodeSnapshot, type Snapshot } from "./snapshot.js";
import { version } from "./version.js";

interface Found {
  readonly snapshot: Snapshot | undefined;
  /** What people should know of it. */
  readonly news: readonly string[];
}

/**
 * The snapshot to go on from, where a run is resumed. One that begins anew looks all the same, for it would
 * overwrite what is there: throws a CheckpointError where that is no checkpoint.
 */
export function* findSnapshot({ resume = false, checkpoint }: Settings<any>): Work<Found> {
  if (resume instanceof Uint8Array) return found(decodeSnapshot(resume, "given"));
  if (checkpoint === undefined) {
    if (!resume) return { snapshot: undefined, news: [] };
    throw new Error(
      "train: resume is true, but there is no checkpoint to resume from; set checkpoint: { store }.",
    );
  }
  const { store } = checkpoint;
  const bytes = (yield store.load()) as Uint8Array | undefined;
  if (bytes === undefined) {
    const news = resume ? [`There is no checkpoint at ${store.name} yet; the run begins at the start.`] : [];
    return { snapshot: undefined, news };
  }
  if (resume) return found(decodeSnapshot(bytes, store.name));
  try {
    const { run, progress } = decodeSnapshot(bytes, store.name);
    const news = `There is a checkpoint of the run "${run}" after ${progress.step} steps at ${store.name}. This run begins at the start and will replace it.`;
    return { snapshot: undefined, news: [news] };
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new CheckpointError(`${error.message} Nothing was overwritten: save elsewhere, or remove it.`);
  }
}

function found(snapshot: Snapshot): Found {
  const made = snapshot.versions["@downhill/core"];
  if (made === version) return { snapshot, news: [] };
  const news = `The checkpoint was made by version ${made} of Downhill, and this is ${version}: numbers may differ in their last bits from those of a run without interruption.`;
  return { snapshot, news: [news] };
}
