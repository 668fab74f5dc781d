import { settle, type Work } from "../engine/run.js";
import { isWork } from "./at-once.js";
import { closeEpoch } from "./close-epoch.js";
import { type Ending, endings } from "./ending.js";
import type { Probe } from "./events.js";
import { mostUnread } from "./learner.js";
import type { StepInfo } from "./run.js";
import { stepEvent } from "./step-event.js";
import type { Training } from "./training.js";

/** Makes step after step until the run is to end; says why. */
export function* descend(t: Training): Work<Ending> {
  if (t.ended) return t.ended;
  const { settings, progress, learner, feeder, hub, saver, control } = t;
  const { accumulate, batchesPerEpoch } = settings;
  for (;;) {
    const nowMs = performance.now();
    const rest = t.breath(nowMs);
    if (rest) yield rest;
    if (saver?.isDue(progress, nowMs)) {
      const trouble = yield* catchUp(t);
      if (trouble) return trouble;
      yield* saver.take(t);
    }
    const timeMs = t.timeMs(nowMs);
    const ending = whyNow(t, timeMs);
    if (ending) return (yield* catchUp(t)) ?? ending;

    const fed = feeder.feed(progress.epoch, progress.batch);
    const { rows, weight } = isWork(fed) ? yield* fed : fed;
    progress.batch++;
    const lastOfEpoch = progress.batch === batchesPerEpoch;
    const complete = lastOfEpoch || progress.batch % accumulate === 0;
    const due = complete ? hub.due(progress.step + 1, timeMs, rows !== settings.rows) : undefined;
    const learned = learner.learn(rows, weight, complete, due?.probes ?? noProbes);
    if (learned === true || (learned !== false && (yield* learned))) {
      const isKnown = learner.unread === 0;
      if (isKnown || due || saver?.waiting || control.watched() || learner.unread === mostUnread) {
        if (!isKnown) {
          const trouble = yield* catchUp(t, 1);
          if (trouble) return trouble;
          learner.next();
        }
        // The loss just found is that of the point before the update, which a snapshot may wait for.
        if (saver?.waiting && isFiniteAt(t)) yield* saver.confirm(t);
        takeNote(t);
        if (due) {
          const measured = due.probes.length > 0 ? yield* learner.measured(due.probes) : undefined;
          const nowMs = performance.now();
          hub.tell(stepEvent(t, measured, nowMs), due, nowMs);
        }
        if (control.watched()) yield* settle(control.show(stepInfo(t)));
        const trouble = findTrouble(t);
        if (trouble) return trouble;
      } else progress.step = learner.updates;
    }
    if (lastOfEpoch) {
      const trouble = yield* catchUp(t);
      if (trouble) return trouble;
      const ending = yield* closeEpoch(t, due);
      if (ending) return ending;
    }
  }
}

const noProbes: readonly Probe[] = [];

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

/** Reads the losses of steps that were not read yet, and takes note of all but the last so many. */
function* catchUp(t: Training, but = 0): Work<Ending | undefined> {
  const { learner } = t;
  yield* learner.read();
  while (learner.unread > but) {
    learner.next();
    takeNote(t);
    const trouble = findTrouble(t);
    if (trouble) return trouble;
  }
  return undefined;
}

/** Takes note of an update. */
function takeNote({ learner, progress }: Training): void {
  progress.step = learner.updates - learner.unread;
  progress.weight += learner.weight;
  progress.loss += (learner.value - progress.loss) * (learner.weight / progress.weight);
}

function stepInfo({ learner, progress, timeMs }: Training): StepInfo {
  return { step: progress.step, epoch: progress.epoch + 1, value: learner.value, timeMs: timeMs() };
}

function isFiniteAt({ learner, settings }: Training): boolean {
  return Number.isFinite(learner.value) && (!settings.fullBatch || Number.isFinite(learner.gradientNorm));
}

/** Why the run is to end, where the loss of the step was not finite. */
function findTrouble(t: Training): Ending | undefined {
  const { learner, progress, keeper } = t;
  if (isFiniteAt(t)) {
    keeper.confirm();
    return undefined;
  }
  const what = Number.isFinite(learner.value)
    ? `gradient norm is ${learner.gradientNorm}`
    : `loss is ${learner.value}`;
  return endings.diverged(progress.step, what);
}
