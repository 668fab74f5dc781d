import type { Work } from "../engine/run.js";
import { show } from "../minimize/judge.js";
import { type Ending, endings } from "./ending.js";
import type { Due } from "./hub.js";
import type { EpochInfo, Figures } from "./result.js";
import { epochEvent, toMetrics } from "./step-event.js";
import type { Training } from "./training.js";

/** Updates that must leave all parameters as they are, in whole epochs and two at least, before a run has stalled. */
const stallSteps = 128;

/** What an evaluation at the end of an epoch found. */
interface Evaluated {
  readonly validation?: Figures;
  readonly ending: Ending | undefined;
}

/** Ends an epoch: takes note of its parameters, evaluates them when it is time to, and judges. */
export function* closeEpoch(t: Training, due: Due | undefined): Work<Ending | undefined> {
  const { settings, progress, learner, keeper, hub, history } = t;
  if (progress.weight === 0) throw new Error(`train: all rows of data "${settings.data.info.name}" weigh 0.`);
  // What the last step found belongs to the point before it, which is the good one until the next is.
  const converged = yield* judgeGradient(t);
  progress.epoch++;
  progress.batch = 0;
  keeper.propose(yield* learner.point(), progress.step);
  const { validation, ending } =
    converged || progress.epoch % settings.evaluateEvery !== 0 ? { ending: converged } : yield* evaluate(t);

  const { epoch, step, loss } = progress;
  const info: EpochInfo = { epoch, step, loss, ...(validation && { validation }), timeMs: t.timeMs() };
  history.push(info);
  // Where each step is an epoch, epochs are told as often as steps.
  if (settings.stepsPerEpoch > 1) hub.emit(epochEvent(info));
  else if (due) hub.tell(epochEvent(info), due);
  if (!ending && t.trainMetrics.isDue(epoch)) yield* t.trainMetrics.tell(t);
  progress.loss = 0;
  progress.weight = 0;
  return ending ?? judgeStandstill(t);
}

/** Converged, if the gradient at the point that the last update left is within tolerance: checked without noise. */
function* judgeGradient({ settings, learner, evaluator, keeper }: Training): Work<Ending | undefined> {
  const { gradientTolerance } = settings;
  if (!(settings.fullBatch && learner.gradientNorm <= gradientTolerance)) return undefined;
  evaluator.moveTo(keeper.good);
  const norm = yield* evaluator.gradientNorm();
  return norm <= gradientTolerance ? endings.gradient(norm, gradientTolerance, "good") : undefined;
}

function* evaluate(t: Training): Work<Evaluated> {
  const { settings, evaluator, keeper, monitor, stopper, followers, target, progress, hub } = t;
  const { data, validation: validationData, earlyStopping } = settings;
  const watchesTrain = monitor?.part === "train" || target?.part === "train" || followers.watchTrain;
  if (!validationData && !watchesTrain) return { ending: undefined };
  evaluator.moveTo(keeper.latest);
  const validation = validationData && (yield* evaluator.figures(validationData));
  const train = watchesTrain ? yield* evaluator.figures(data) : undefined;
  const { step, epoch } = progress;
  if (train) {
    // The epoch's own event has the mean over its steps; this is exact.
    const metrics = toMetrics({ train, validation });
    hub.emit({ type: "evaluation", step, epoch, metrics, timeMs: t.timeMs() });
  }
  const parts = { train, validation };
  followers.observe(parts);
  let ending: Ending | undefined;
  if (monitor && stopper && earlyStopping) {
    stopper.see({ value: parts[monitor.part]![monitor.metric as "loss"], step, epoch }, keeper.latest);
    if (stopper.waited >= earlyStopping.patience) {
      const best = stopper.best
        ? `the best was ${show(stopper.best.value)} in epoch ${stopper.best.epoch}`
        : "it was never a number";
      ending = endings.earlyStopped(monitor.path, earlyStopping.patience, best);
    }
  }
  if (target) {
    const value = parts[target.part]![target.metric as "loss"];
    const reached = target.mode === "min" ? value <= settings.target!.value : value >= settings.target!.value;
    if (reached) ending = endings.target(settings.target!, value);
  }
  if (Object.values(parts).every((figures) => figures === undefined || Number.isFinite(figures.loss)))
    keeper.confirm();
  return { ...(validation && { validation }), ending };
}

/** Stalled, if a method cannot go on from all rows, or if no parameter changes any more. */
function judgeStandstill({ settings, learner, keeper }: Training): Ending | undefined {
  if (settings.fullBatch && learner.stuck !== undefined) return endings.stalled(learner.stuck);
  if (keeper.unmoved < Math.max(stallSteps, 2 * settings.stepsPerEpoch)) return undefined;
  return endings.stalled(`The last ${keeper.unmoved} steps changed no parameter.`);
}
