import type { Work } from "../engine/run.js";
import { show } from "../minimize/judge.js";
import type {} from "../minimize/start.js";
import type { Data } from "../program/data.js";
import type { Floats } from "../program/program.js";
import { split } from "../program/split.js";
import { mapValues } from "../record/map-values.js";
import type { Status } from "../status.js";
import { type Ending, endings } from "./ending.js";
import { toNum } from "./events.js";
import type { Figures, TrainResult } from "./result.js";
import { epochEvent, stepEvent, toMetrics } from "./step-event.js";
import type { Training } from "./training.js";

/** Evaluates the parameters to return on all parts of the data, and tells the end. */
export function* finish(t: Training, { point, train, status }: Settled): Work<TrainResult> {
  const { settings, hub, history, progress, stopper, session, evaluator } = t;
  if (progress.step > 0) {
    const lastEpoch = settings.stepsPerEpoch === 1 ? history.at(-1) : undefined;
    hub.last(stepEvent(t, undefined, performance.now()), lastEpoch && epochEvent(lastEpoch));
  }
  evaluator.moveTo(point);
  const validation = settings.validation && (yield* evaluator.figures(settings.validation));
  const test = settings.test && (yield* evaluator.figures(settings.test));
  const metrics = { train, ...(validation && { validation }), ...(test && { test }) };
  const { step, epoch } = progress;
  const timeMs = t.timeMs();
  hub.emit({ type: "evaluation", step, epoch, metrics: toMetrics(metrics), timeMs });

  const parameters = mapValues(
    split(point, t.shapes),
    (data, name): Data => ({ data: data.slice(), shape: t.shapes[name]! }),
  );
  const coefficients = settings.coefficients?.(parameters);
  hub.emit({
    type: "run-end",
    status,
    value: toNum(train.loss),
    metrics: toMetrics(metrics),
    steps: step,
    epochs: epoch,
    timeMs,
    ...(coefficients && { coefficients: mapValues(coefficients, toNum) }),
  });
  return {
    status,
    value: train.loss,
    metrics,
    parameters,
    ...(stopper?.best && { best: stopper.best }),
    steps: step,
    epochs: epoch,
    timeMs,
    history,
    engine: { name: settings.engine.name, dtype: settings.dtype, notes: session.notes },
    notices: hub.notices,
  };
}

export interface Settled {
  readonly ending: Ending;
  /** Whether the loss is finite where the last update led: not at the point, where that is an earlier one. */
  readonly finite: boolean;
  readonly point: Floats;
  readonly train: Figures;
  readonly status: Status;
}

/** The parameters to return, with a status that is true of them. */
export function* settle(t: Training, ending: Ending): Work<Settled> {
  const { settings, learner, evaluator, keeper, stopper } = t;
  const restores = ending.kind !== "converged" && (settings.earlyStopping?.restoreBest ?? true);
  const best = restores ? stopper?.point : undefined;
  const point = best ?? (ending.at === "good" ? keeper.good.slice() : (yield* learner.point()).slice());
  evaluator.moveTo(point);
  const train = yield* evaluator.figures(settings.data);
  if (!Number.isFinite(train.loss) && ending.kind !== "diverged") {
    // The last update led to where no loss has been looked at yet.
    return yield* settle(t, endings.diverged(t.progress.step + 1, `loss is ${train.loss}`));
  }
  const norm = settings.fullBatch ? yield* evaluator.gradientNorm() : undefined;
  const isLast = best === undefined && ending.at === "last";
  const finite = ending.kind !== "diverged" && (isLast || (yield* isFiniteAtLast(t)));
  return {
    ending,
    finite,
    point,
    train,
    status: statusOf(ending, train.loss, norm, settings.gradientTolerance),
  };
}

/** Whether the loss is finite where the last update led; looked at for checkpoints alone. */
function* isFiniteAtLast({ saver, keeper, progress, learner, evaluator, settings }: Training): Work<boolean> {
  if (!saver || keeper.step === progress.step) return true;
  evaluator.moveTo(yield* learner.point());
  return Number.isFinite((yield* evaluator.figures(settings.data)).loss);
}

function statusOf(ending: Ending, loss: number, norm: number | undefined, tolerance: number): Status {
  const { kind, criterion, why } = ending;
  if (kind === "converged") return { kind, criterion: criterion!, achieved: ending.achieved!, why };
  // Whatever ended the run: this is true of what it returns. One that diverged has more to say.
  if (kind !== "diverged" && norm !== undefined && norm <= tolerance) {
    return {
      kind: "converged",
      criterion: "gradient",
      achieved: norm,
      why: endings.gradient(norm, tolerance, "last").why,
    };
  }
  const figure = norm === undefined ? `the loss is ${show(loss)}` : `the gradient norm is ${show(norm)}`;
  return { kind, achieved: norm ?? loss, why: `${why.replace(/\.$/, "")}; ${figure}.` };
}
