import type { Session } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import { openSession } from "../minimize/oracle.js";
import { forRun } from "../optimizer/for-run.js";
import { arenas } from "../optimizer/trace.js";
import { mapValues } from "../record/map-values.js";
import { isWork } from "./at-once.js";
import { createBreath } from "./breath.js";
import { type Columns, rowSlots } from "./columns.js";
import { createStopper } from "./early-stopping.js";
import { createEvaluator, evaluationLayout } from "./evaluator.js";
import { createFeeder } from "./feeder.js";
import { createFollowers } from "./followers.js";
import { unpackHistory } from "./history.js";
import type { Hub } from "./hub.js";
import { initialParameters } from "./initial-parameters.js";
import { createKeeper } from "./keeper.js";
import { checkMaking, describeMaking } from "./made.js";
import { memory, outputs } from "./memory.js";
import { planMethod } from "./method-learner.js";
import type { Settings } from "./options.js";
import { planRule } from "./rule-learner.js";
import type { Control } from "./run.js";
import { createSaver } from "./saver.js";
import { writeSlots } from "./slots.js";
import type { Snapshot } from "./snapshot.js";
import { traceLoss } from "./traced-loss.js";
import { createTrainMetrics } from "./train-metrics.js";
import type { Training } from "./training.js";
import { availableFigures, watchedFigures } from "./watched-figures.js";

/** Checks that all fits together, takes memory and brings everything to where the run begins. */
export function* openTraining(
  settings: Settings<any>,
  snapshot: Snapshot | undefined,
  hub: Hub,
  control: Control,
): Work<Training> {
  const { model, data, engine, dtype, seed, fullBatch, rows, accumulate } = settings;
  const columns: Columns = data.columns;
  const { monitor, target } = watchedFigures(settings);
  const optimizer = forRun(settings.optimizer, settings.totalSteps);
  const followers = createFollowers(optimizer, availableFigures(settings));
  const start = initialParameters(model, seed, columns);
  const shapes = mapValues(start, ({ shape }) => shape);
  const made = snapshot || settings.checkpoint ? describeMaking(settings, optimizer, shapes) : null;
  if (snapshot) checkMaking(settings.checkpoint?.store.name ?? "given", snapshot.made, made);

  const elsewhere = [settings.validation, settings.test, fullBatch ? undefined : data].filter(
    (part) => part !== undefined,
  );
  // Where some part has weights, the rows of others weigh 1.
  const isWeighted = elsewhere.some((part) => part.columns.weight !== undefined);
  const evaluated: Columns = isWeighted ? { ...columns, weight: [] } : columns;
  const loss = traceLoss(model, shapes, { [memory.batch]: columns, [memory.rows]: evaluated });
  const plan =
    optimizer.kind === "rule"
      ? planRule(optimizer, loss, { seed, fullBatch, joins: accumulate > 1 })
      : planMethod(optimizer, loss, { seed, fullBatch });
  const breath = createBreath();
  const evaluation = { model, loss, columns: evaluated, resident: fullBatch ? data : undefined, breath };
  const layout = {
    ...plan.layout,
    [memory.batch]: rowSlots(columns, rows),
    [memory.output]: outputs,
    ...evaluationLayout(evaluation, Math.max(0, ...elsewhere.map((part) => part.rows))),
  };
  const session = yield* openSession(engine, layout, dtype);

  function* begin(session: Session): Work<Training> {
    writeSlots(session, arenas.parameter, start);
    const feeder = createFeeder(session, { ...settings, columns });
    // In full-batch descent the rows stay; a run that is resumed at its end evaluates them without a step.
    if (fullBatch) {
      const fed = feeder.feed(0, 0);
      if (isWork(fed)) yield* fed;
    }
    const evaluator = createEvaluator(session, evaluation);
    for (const part of [data, settings.validation, settings.test]) if (part) yield* evaluator.check(part);
    const learner = yield* plan.open(session);
    const stopper = monitor && createStopper(monitor.mode, settings.earlyStopping?.minDelta);
    if (snapshot) {
      learner.load(snapshot.learner);
      stopper?.load(snapshot.stopper!);
      followers.load(snapshot.followers);
      hub.resume(snapshot.marks);
    }
    const { timeMs: spentMs, ...progress } = snapshot?.progress ?? theBeginning;
    const keeper = createKeeper(
      yield* learner.point(),
      snapshot && { ...snapshot.keeper, now: progress.step },
    );
    const began = performance.now();
    return {
      settings,
      optimizer,
      name: snapshot?.run ?? settings.name ?? `${model.name} ${optimizer.name} ${new Date().toISOString()}`,
      made,
      shapes,
      session,
      learner,
      feeder,
      evaluator,
      hub,
      control,
      breath,
      keeper,
      monitor,
      target,
      stopper,
      followers,
      trainMetrics: createTrainMetrics(hub),
      saver: settings.checkpoint && createSaver(settings.checkpoint, progress, snapshot !== undefined),
      progress,
      history: snapshot ? unpackHistory(snapshot.history) : [],
      ended: snapshot?.ended,
      resumed: snapshot,
      // In whole microseconds: clocks' further digits say nothing, and would fill files.
      timeMs: (nowMs = performance.now()) => Math.round((spentMs + nowMs - began) * 1000) / 1000,
    };
  }
  try {
    return yield* begin(session);
  } catch (error) {
    session.dispose();
    throw error;
  }
}

const theBeginning = { epoch: 0, batch: 0, step: 0, loss: 0, weight: 0, timeMs: 0 };
