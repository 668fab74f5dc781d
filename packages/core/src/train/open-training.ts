import type { Work } from "../engine/run.js";
import { formatShape, sizeOf } from "../expr/shape.js";
import { openSession } from "../minimize/oracle.js";
import type { Optimizer } from "../optimizer/optimizer.js";
import type { Setting } from "../optimizer/schedule.js";
import type { Data } from "../program/data.js";
import { createBreath } from "./breath.js";
import { type Columns, rowSlots } from "./columns.js";
import { createStopper } from "./early-stopping.js";
import { createEvaluator, evaluationLayout } from "./evaluator.js";
import { createFeeder } from "./feeder.js";
import { unpackHistory } from "./history.js";
import type { Hub } from "./hub.js";
import { createKeeper } from "./keeper.js";
import { checkMaking, describeMaking } from "./made.js";
import { mapValues } from "./map-values.js";
import { memory, outputs } from "./memory.js";
import { planMethod } from "./method-learner.js";
import { resolveMetricPath } from "./metric-path.js";
import type { Settings } from "./options.js";
import { planRule } from "./rule-learner.js";
import type { Control } from "./run.js";
import { createSaver } from "./saver.js";
import type { Snapshot } from "./snapshot.js";
import { traceLoss } from "./traced-loss.js";
import type { Training } from "./training.js";

/** Takes memory and brings everything to where the run begins. */
export function* openTraining(
  settings: Settings<any>,
  snapshot: Snapshot | undefined,
  hub: Hub,
  control: Control,
): Work<Training> {
  const { model, data, engine, dtype, seed, fullBatch, rows, accumulate } = settings;
  const columns: Columns = data.columns;
  const { monitor, target } = watch(settings);
  const optimizer = forRun(settings.optimizer, settings.totalSteps);
  const start = checkStart(model.name, model.init(seed, columns));
  const shapes = mapValues(start, ({ shape }) => shape);
  const loss = traceLoss(model, shapes, columns);
  const made = snapshot || settings.checkpoint ? describeMaking(settings, optimizer, shapes) : null;
  if (snapshot) checkMaking(settings.checkpoint?.store.name ?? "given", snapshot.made, made);
  const plan =
    optimizer.kind === "rule"
      ? planRule(optimizer, loss, { seed, fullBatch, joins: accumulate > 1 })
      : planMethod(optimizer, loss, { seed, fullBatch });
  const breath = createBreath();
  const resident = fullBatch ? data : undefined;
  const evaluation = { model, loss, columns, resident, breath };
  const parts = [settings.validation, settings.test, fullBatch ? undefined : data];
  const session = yield* openSession(
    engine,
    {
      ...plan.layout,
      [memory.batch]: rowSlots(columns, rows),
      [memory.output]: outputs,
      ...evaluationLayout(evaluation, Math.max(...parts.map((part) => part?.rows ?? 0))),
    },
    dtype,
  );
  for (const [name, { data: values }] of Object.entries(start)) session.write("parameter", name, values);
  const feeder = createFeeder(session, { ...settings, columns });
  // In full-batch descent the rows stay; a run that is resumed at its end evaluates them without a step.
  if (fullBatch) yield* feeder.feed(0, 0);
  const learner = yield* plan.open(session);
  const stopper = monitor && createStopper(monitor.mode, settings.earlyStopping?.minDelta);
  if (snapshot) {
    learner.load(snapshot.learner);
    stopper?.load(snapshot.stopper!);
    hub.resume(snapshot.marks);
  }
  const { timeMs: spentMs, ...progress } = snapshot?.progress ?? beginning;
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
    evaluator: createEvaluator(session, evaluation),
    hub,
    control,
    breath,
    keeper: createKeeper(yield* learner.point(), snapshot && { ...snapshot.keeper, now: progress.step }),
    monitor,
    target,
    stopper,
    saver: settings.checkpoint && createSaver(settings.checkpoint, progress, snapshot !== undefined),
    progress,
    history: snapshot ? unpackHistory(snapshot.history) : [],
    ended: snapshot?.ended,
    resumed: snapshot,
    timeMs: () => spentMs + performance.now() - began,
  };
}

const beginning = { epoch: 0, batch: 0, step: 0, loss: 0, weight: 0, timeMs: 0 };

/** The optimizer with schedules that know how long the run is. */
function forRun<O extends Optimizer<any>>(optimizer: O, totalSteps: number): O {
  const settings = mapValues(optimizer.settings as Readonly<Record<string, Setting>>, (setting, name) => {
    if (typeof setting === "number" || !setting.forRun) return setting;
    if (totalSteps < Infinity) return setting.forRun(totalSteps);
    throw new Error(
      `${optimizer.name}: the schedule of ${name} goes over the whole run, whose length is not known. ` +
        "Set epochs or maxSteps, or give the schedule its number of steps.",
    );
  });
  return { ...optimizer, settings };
}

function checkStart(name: string, start: Readonly<Record<string, Data>>): Readonly<Record<string, Data>> {
  if (Object.keys(start).length === 0) throw new Error(`${name}: the model has no parameters; there is nothing to train.`);
  for (const [parameter, { data, shape }] of Object.entries(start)) {
    if (data.length !== sizeOf(shape)) {
      throw new Error(`${name}: parameter "${parameter}" starts with ${data.length} numbers for shape ${formatShape(shape)}.`);
    }
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) {
      throw new RangeError(`${name}: parameter "${parameter}" starts with ${data[bad]} at element ${bad}; expected finite numbers.`);
    }
  }
  return start;
}

/** The figures that decide when the run ends. */
function watch({ model, validation, earlyStopping, target }: Settings<any>): Pick<Training, "monitor" | "target"> {
  const parts = validation ? (["train", "validation"] as const) : (["train"] as const);
  const metrics = ["loss", ...Object.keys(model.metrics ?? {})];
  return {
    monitor:
      earlyStopping &&
      resolveMetricPath("earlyStopping.monitor", earlyStopping.monitor, earlyStopping.mode, parts, metrics),
    target: target && resolveMetricPath("target.metric", target.metric, target.mode, parts, metrics),
  };
}
