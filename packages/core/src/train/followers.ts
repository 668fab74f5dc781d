import type { Optimizer } from "../optimizer/optimizer.js";
import { type Controller, controllersOf, type Setting } from "../optimizer/schedule.js";
import type { Json } from "./events.js";
import { type Available, type Figure, type MonitoredPart, resolveMetricPath } from "./metric-path.js";
import type { Figures } from "./result.js";

/** The schedules of a run that follow a metric. */
export interface Followers {
  /** Whether one of them follows a figure of the training data. */
  readonly watchTrain: boolean;
  /** Shows each the figure it follows. */
  observe(found: Readonly<Record<MonitoredPart, Figures | undefined>>): void;
  save(): readonly Json[];
  load(states: readonly Json[]): void;
}

/** Throws where the run does not have the metric that a schedule follows. */
export function createFollowers(optimizer: Optimizer<any>, available: Available): Followers {
  // One that stands in several settings sees each figure once.
  const followed = new Map<Controller, Figure>();
  for (const [name, setting] of Object.entries(optimizer.settings as Readonly<Record<string, Setting>>)) {
    for (const controller of controllersOf(setting)) {
      const what = `the monitor of ${optimizer.name}'s ${name}`;
      followed.set(controller, resolveMetricPath(what, controller.monitor, available));
    }
  }
  const controllers = [...followed.keys()];
  return {
    watchTrain: [...followed.values()].some(({ part }) => part === "train"),
    observe(found) {
      for (const [controller, { part, metric }] of followed) {
        controller.observe(found[part]![metric as "loss"]);
      }
    },
    save: () => controllers.map((controller) => controller.save()),
    load: (states) => controllers.forEach((controller, i) => controller.load(states[i]!)),
  };
}
