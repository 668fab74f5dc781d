import { describeSetting, type Setting } from "../optimizer/schedule.js";
import { mapValues } from "../record/map-values.js";
import type { Json } from "./events.js";
import type { Training } from "./training.js";
import { version } from "./version.js";

/** Tells what is about to run, and what people should know of it. */
export function announce(t: Training, news: readonly string[]): void {
  const { settings, optimizer, hub, session, resumed, saver } = t;
  const { engine, dtype, model, data, validation, epochs, totalSteps } = settings;
  hub.emit({
    type: "run-start",
    run: t.name,
    time: new Date().toISOString(),
    seed: settings.seed,
    versions: { "@downhill/core": version },
    engine: { name: engine.name, dtype, notes: session.notes },
    optimizer: { name: optimizer.name, hyper: describeHyper(optimizer), options: optimizer.options },
    model: { name: model.name, config: model.config, parameters: t.shapes },
    data: { ...data.info, rows: data.rows },
    metrics: ["train", ...(validation ? ["validation"] : [])].flatMap((part) =>
      ["loss", ...Object.keys(model.metrics ?? {})].map((metric) => `${part}.${metric}`),
    ),
    plan: {
      batchSize: settings.rows,
      stepsPerEpoch: settings.stepsPerEpoch,
      ...(epochs < Infinity && { epochs }),
      ...(totalSteps < Infinity && { steps: totalSteps }),
    },
    from: t.progress.step,
  });
  // A run that goes on has said them before.
  const notices = resumed ? [] : [data, validation, settings.test].flatMap((part) => part?.notices ?? []);
  for (const notice of new Set([...notices, ...(resumed ? [] : session.notes), ...news])) hub.notice(notice);
  // The checkpoint was marked before its event was told.
  if (resumed?.regular && saver) saver.tell(t);
}

/** What an optimizer's hyper-parameters are set to, as JSON. */
export function describeHyper(optimizer: Training["optimizer"]): Record<string, Json> {
  return mapValues(optimizer.settings as Readonly<Record<string, Setting>>, describeSetting);
}
