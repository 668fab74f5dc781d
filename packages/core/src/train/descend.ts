import type { Work } from "../engine/run.js";
import { closeEpoch } from "./close-epoch.js";
import { type Ending, endings } from "./ending.js";
import { stepEvent } from "./step-event.js";
import type { Due } from "./hub.js";
import type { Training } from "./training.js";

/** Makes step after step until the run is to end; says why. */
export function* descend(t: Training): Work<Ending> {
  if (t.ended) return t.ended;
  const { settings, progress, learner, feeder, hub } = t;
  const { accumulate, batchesPerEpoch } = settings;
  for (;;) {
    const timeMs = t.timeMs();
    if (t.saver) yield* t.saver.saveIfDue(t);
    const ending = whyNow(t, timeMs);
    if (ending) return ending;

    const { rows, weight } = yield* feeder.feed(progress.epoch, progress.batch);
    progress.batch++;
    const lastOfEpoch = progress.batch === batchesPerEpoch;
    const complete = lastOfEpoch || progress.batch % accumulate === 0;
    const due = complete ? hub.due(progress.step + 1, timeMs) : undefined;
    if (yield* learner.learn(rows, weight, complete, due?.probes ?? [])) {
      const trouble = yield* afterUpdate(t, due);
      if (trouble) return trouble;
    }
    if (lastOfEpoch) {
      const ending = yield* closeEpoch(t, due);
      if (ending) return ending;
    }
    const rest = t.breath();
    if (rest) yield rest;
  }
}

/** Why the run is to end before its next step, if it is. */
function whyNow({ settings, progress, control }: Training, timeMs: number): Ending | undefined {
  const why = control.stopped();
  if (why !== undefined) return endings.stopped(why);
  if (progress.epoch >= settings.epochs) return endings.limit(counted(settings.epochs, "epoch"));
  if (progress.step >= settings.maxSteps) return endings.limit(counted(settings.maxSteps, "step"));
  if (timeMs >= settings.maxTimeMs) return endings.limit(`${settings.maxTimeMs} ms`);
  return undefined;
}

const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Takes note of an update; says why the run is to end if its loss was not finite. */
function* afterUpdate(t: Training, due: Due | undefined): Work<Ending | undefined> {
  const { learner, progress, keeper, hub, control, settings } = t;
  progress.step = learner.updates;
  progress.weight += learner.weight;
  progress.loss += (learner.value - progress.loss) * (learner.weight / progress.weight);
  if (due) hub.tell(yield* stepEvent(t, due.probes), due);
  const { step } = progress;
  const shown = control.show({ step, epoch: progress.epoch + 1, value: learner.value, timeMs: t.timeMs() });
  if (shown) yield shown;
  if (!Number.isFinite(learner.value)) return endings.diverged(step, `loss is ${learner.value}`);
  if (settings.fullBatch && !Number.isFinite(learner.gradientNorm)) {
    return endings.diverged(step, `gradient norm is ${learner.gradientNorm}`);
  }
  keeper.confirm();
  return undefined;
}
