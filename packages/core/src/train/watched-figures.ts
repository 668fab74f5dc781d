import { type Available, resolveWatched, type Watched } from "./metric-path.js";
import type { Settings } from "./options.js";

/** The figures that a run's evaluations find. */
export function availableFigures({ model, validation }: Settings<any>): Available {
  return {
    parts: validation ? ["train", "validation"] : ["train"],
    metrics: ["loss", ...Object.keys(model.metrics ?? {})],
  };
}

/** The figures that decide when a run ends. Throws for one that the run does not have. */
export function watchedFigures(settings: Settings<any>): {
  readonly monitor: Watched | undefined;
  readonly target: Watched | undefined;
} {
  const { earlyStopping, target } = settings;
  const available = availableFigures(settings);
  return {
    monitor:
      earlyStopping &&
      resolveWatched("earlyStopping.monitor", earlyStopping.monitor, earlyStopping.mode, available),
    target: target && resolveWatched("target.metric", target.metric, target.mode, available),
  };
}
