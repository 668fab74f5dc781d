import type { Work } from "../engine/run.js";
import type { Checkpointing } from "./checkpoint-store.js";
import type { Ending } from "./ending.js";
import { packHistory } from "./history.js";
import { encodeSnapshot, type Snapshot } from "./snapshot.js";
import type { Training } from "./training.js";
import { version } from "./version.js";

/** Saves a run from time to time, and once when it ends. */
export interface Saver {
  /** Whether it is time to save; to be asked between steps. */
  isDue(progress: Training["progress"], nowMs: number): boolean;
  save(t: Training): Work<void>;
  saveEnd(t: Training, ending: Ending): Work<void>;
  /** Tells of the checkpoint at this place. */
  tell(t: Training): void;
}

const defaultPace = { everyMs: 30_000 };

/** A saver for a run that begins, or goes on from a checkpoint, at this place. */
export function createSaver(
  { store, ...given }: Checkpointing,
  at: Training["progress"],
  resumed: boolean,
): Saver {
  const { everySteps, everyMs, everyEpochs }: Omit<Checkpointing, "store"> =
    Object.keys(given).length > 0 ? given : defaultPace;
  // Where and when it was saved last.
  let place = resumed ? { ...at } : undefined;
  let placeMs = performance.now();

  const isSaved = ({ step, epoch, batch }: Training["progress"]) =>
    place !== undefined && step === place.step && batch === place.batch && epoch === place.epoch;

  function isDue(progress: Training["progress"], nowMs: number): boolean {
    const { step, epoch, batch } = progress;
    if (isSaved(progress)) return false;
    if (everyMs !== undefined && nowMs - placeMs >= everyMs) return true;
    if (step === (place?.step ?? 0)) return false;
    if (everySteps !== undefined && step % everySteps === 0) return true;
    return everyEpochs !== undefined && batch === 0 && epoch % everyEpochs === 0;
  }

  function* saveAs(t: Training, how: Pick<Snapshot, "regular" | "ended">): Work<void> {
    yield store.save(encodeSnapshot({ ...(yield* snapshotOf(t)), ...how }));
    place = { ...t.progress };
    placeMs = performance.now();
    tell(t);
  }
  const tell = (t: Training) => t.hub.emit({ type: "checkpoint", step: t.progress.step, path: store.name });

  return {
    tell,
    isDue,
    save: (t) => saveAs(t, { regular: true }),
    *saveEnd(t, ending) {
      // The state of a run that diverged is of no use; the checkpoint before it is.
      if (ending.kind === "diverged" || isSaved(t.progress)) return;
      yield* saveAs(t, {
        regular: ending.kind !== "stopped" || ending.final,
        ...(ending.final && { ended: ending }),
      });
    },
  };
}

function* snapshotOf(t: Training): Work<Omit<Snapshot, "regular">> {
  const { keeper, stopper, followers, progress } = t;
  const { good, step, unmoved, waiting } = keeper;
  return {
    run: t.name,
    versions: { "@downhill/core": version },
    made: t.made,
    progress: { ...progress, timeMs: t.timeMs() },
    learner: yield* t.learner.save(),
    keeper: { good, step, unmoved, waiting },
    ...(stopper && {
      stopper: {
        waited: stopper.waited,
        ...(stopper.best && { best: stopper.best }),
        ...(stopper.point && { point: stopper.point }),
      },
    }),
    followers: followers.save(),
    history: packHistory(t.history),
    marks: t.hub.mark(),
  };
}
