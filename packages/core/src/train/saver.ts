import type { Work } from "../engine/run.js";
import type { Checkpointing } from "./checkpoint-store.js";
import type { Ending } from "./ending.js";
import { packHistory } from "./history.js";
import { encodeSnapshot, type Snapshot } from "./snapshot.js";
import type { Training } from "./training.js";
import { version } from "./version.js";

/** Saves a run from time to time, and once when it ends: at points alone where the loss is known to be finite. */
export interface Saver {
  /** Whether it is time to save; to be asked between steps. */
  isDue(progress: Training["progress"], nowMs: number): boolean;
  /** Takes a snapshot, which waits for the loss at its point. */
  take(t: Training): Work<void>;
  /** Whether a snapshot waits. */
  readonly waiting: boolean;
  /** Saves the snapshot that waits: the loss at its point is finite. To be called before the update is noted. */
  confirm(t: Training): Work<void>;
  /** Saves the end of a run, where the loss is known to be finite. */
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
  // Where and when a snapshot was taken last, and that snapshot until it is saved.
  let waiting: Uint8Array | undefined;
  let place = resumed ? { ...at } : undefined;
  let placeMs = performance.now();

  const isTaken = ({ step, epoch, batch }: Training["progress"]) =>
    place !== undefined && step === place.step && batch === place.batch && epoch === place.epoch;

  function isDue(progress: Training["progress"], nowMs: number): boolean {
    const { step, epoch, batch } = progress;
    if (isTaken(progress)) return false;
    if (everyMs !== undefined && nowMs - placeMs >= everyMs) return true;
    if (step === (place?.step ?? 0)) return false;
    if (everySteps !== undefined && step % everySteps === 0) return true;
    return everyEpochs !== undefined && batch === 0 && epoch % everyEpochs === 0;
  }

  function* takeAs(t: Training, how: Pick<Snapshot, "regular" | "ended">): Work<void> {
    waiting = encodeSnapshot({ ...(yield* snapshotOf(t)), ...how });
    place = { ...t.progress };
    placeMs = performance.now();
  }
  function* confirm(t: Training): Work<void> {
    if (waiting === undefined) return;
    yield store.save(waiting);
    waiting = undefined;
    tell(t);
  }
  const tell = (t: Training) => t.hub.emit({ type: "checkpoint", step: t.progress.step, path: store.name });

  return {
    tell,
    isDue,
    take: (t) => takeAs(t, { regular: true }),
    get waiting() {
      return waiting !== undefined;
    },
    confirm,
    *saveEnd(t, ending) {
      if (!isTaken(t.progress)) {
        yield* takeAs(t, {
          regular: ending.kind !== "stopped" || ending.final,
          ...(ending.final && { ended: ending }),
        });
      }
      yield* confirm(t);
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
