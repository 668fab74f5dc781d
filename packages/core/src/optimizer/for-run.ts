import { mapValues } from "../record/map-values.js";
import type { Optimizer } from "./optimizer.js";
import type { Setting } from "./schedule.js";

/** The optimizer with schedules that know how long the run is; throws for one that must and cannot. */
export function forRun<O extends Optimizer<any>>(optimizer: O, totalSteps: number): O {
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
