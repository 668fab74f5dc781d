import type { Work } from "../engine/run.js";
import type { Data } from "../program/data.js";
import { announce } from "./announce.js";
import type { Batch } from "./dataset.js";
import { descend } from "./descend.js";
import { findSnapshot } from "./find-snapshot.js";
import { finish, settle } from "./finish.js";
import { createHub } from "./hub.js";
import type { Metric, Model } from "./model.js";
import { openTraining } from "./open-training.js";
import { checkOptions, type TrainOptions } from "./options.js";
import type { TrainResult } from "./result.js";
import { type Control, createRun, type Run } from "./run.js";

/** How long a reporter may take to finish. */
const reporterTimeoutMs = 5000;

/**
 * A model whose parameters and metrics are known by name. (They are inferred from what `init` returns and from
 * `metrics`.)
 */
export type NamedModel<B extends Batch, N extends string, M extends string> = Model<B> & {
  init(seed: number, columns: never): Readonly<Record<N, Data>>;
  readonly metrics?: Readonly<Record<M, Metric<B>>>;
};

/**
 * Trains a model on data, batch by batch, until a limit or criterion is met.
 *
 * Forward pass, gradient and update are one program for each number of rows in a batch. `await` the run for its
 * result, or look at each step with `for await`; `run.stop()`, an AbortSignal and `break` end it at the next step.
 * Training lets other tasks have their turn at least every 50 ms.
 *
 * A run that diverges returns the parameters of its last good epoch. The promise rejects for options, data and
 * shapes that make no sense, never because training did not converge.
 */
export function train<B extends Batch, N extends string, M extends string = never>(
  model: NamedModel<NoInfer<B>, N, M>,
  options: TrainOptions<B, N, M>,
): Run<TrainResult<N, M>> {
  return createRun(options.signal, (control) => training(model, options as TrainOptions<B>, control)) as Run<
    TrainResult<N, M>
  >;
}

function* training<B extends Batch>(
  model: Model<B>,
  options: TrainOptions<B>,
  control: Control,
): Work<TrainResult> {
  const settings = checkOptions(model, options);
  const hub = createHub(settings.reporters);
  try {
    const { snapshot, news } = yield* findSnapshot(settings);
    const t = yield* openTraining(settings, snapshot, hub, control);
    try {
      announce(t, news);
      const settled = yield* settle(t, yield* descend(t));
      // The state of a run that diverged is of no use; the checkpoint before it is.
      if (t.saver && settled.finite) yield* t.saver.saveEnd(t, settled.ending);
      return yield* finish(t, settled);
    } finally {
      yield* t.feeder.close();
      t.session.dispose();
    }
  } finally {
    yield* hub.close(reporterTimeoutMs);
  }
}
