import type { Work } from "../engine/run.js";
import type { Checkpointing } from "./checkpoint-store.js";
import type { Ending } from "./ending.js";
import { packHistory } from "./history.js";
import { encodeSnapshot, type Snapshot } from "./snapshot.js";
import type { Training } from "./training.js";
import { version } from "./version.js";

/** Saves a run from time to time, and once when it ends. */
export interface Saver {
  /** To be asked between steps. */
  saveIfDue(t: Training): Work<void>;
  saveEnd(t: Training, ending: Ending): Work<void>;
  /** Tells of the checkpoint at this place. */
  tell(t: Training): void;
}

const defaultPace = { everyMs: 30_000 };

/** A saver for a run that begins, or goes on from a checkpoint, at this place. */
export function createSaver({ store, ...given }: Checkpointing, at: Training["progress"], resumed: boolean): Saver {
  const { everySteps, everyMs, everyEpochs }: Omit<Checkpointing, "store"> =
    Object.keys(given).length > 0 ? given : defaultPace;
  const placeOf = ({ step, epoch, batch }: Training["progress"]) => `${epoch} ${batch} ${step}`;
  let savedStep = at.step;
  let savedPlace = resumed ? placeOf(at) : "";
  let savedAtMs = performance.now();

  function isDue(progress: Training["progress"]): boolean {
    const { step, epoch, batch } = progress;
    if (placeOf(progress) === savedPlace) return false;
    if (everyMs !== undefined && performance.now() - savedAtMs >= everyMs) return true;
    if (step === savedStep) return false;
    if (everySteps !== undefined && step % everySteps === 0) return true;
    return everyEpochs !== undefined && batch === 0 && epoch % everyEpochs === 0;
  }

  function* save(t: Training, how: Pick<Snapshot, "regular" | "ended">): Work<void> {
    yield store.save(encodeSnapshot({ ...(yield* snapshotOf(t)), ...how }));
    savedStep = t.progress.step;
    savedPlace = placeOf(t.progress);
    savedAtMs = performance.now();
    tell(t);
  }
  const tell = (t: Training) => t.hub.emit({ type: "checkpoint", step: t.progress.step, path: store.name });

  return {
    tell,
    *saveIfDue(t) {
      if (isDue(t.progress)) yield* save(t, { regular: true });
    },
    *saveEnd(t, ending) {
      // The state of a run that diverged is of no use; the checkpoint before it is.
      if (ending.kind === "diverged" || placeOf(t.progress) === savedPlace) return;
      yield* save(t, { regular: ending.kind !== "stopped" || ending.final, ...(ending.final && { ended: ending }) });
    },
  };
}

function* snapshotOf(t: Training): Work<Omit<Snapshot, "regular">> {
  const { keeper, stopper, progress } = t;
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
    history: packHistory(t.history),
    marks: t.hub.mark(),
  };
}
