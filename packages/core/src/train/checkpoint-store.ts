/** Keeps a run's last snapshot. Save replaces the one before, wholly or not at all. */
export interface CheckpointStore {
  /** Where it is, for messages and events: a path. */
  readonly name: string;
  save(snapshot: Uint8Array): Promise<void>;
  /** The last snapshot; undefined where there is none. */
  load(): Promise<Uint8Array | undefined>;
}

/**
 * When to save: after so many updates, milliseconds or epochs, whichever comes first; every 30 s where nothing is
 * said. A run that ends saves once more, before it restores its best parameters, unless it diverged.
 */
export interface Checkpointing {
  readonly store: CheckpointStore;
  readonly everySteps?: number;
  readonly everyMs?: number;
  readonly everyEpochs?: number;
}

/** Thrown for a checkpoint that cannot be read, written, or resumed with these settings; the message says why. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}
