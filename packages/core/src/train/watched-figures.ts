import { resolveMetricPath, type Watched } from "./metric-path.js";
import type { Settings } from "./options.js";

/** The figures that decide when a run ends. Throws for one that the run does not have. */
export function watchedFigures({ model, validation, earlyStopping, target }: Settings<any>): {
  readonly monitor: Watched | undefined;
  readonly target: Watched | undefined;
} {
  const parts = validation ? (["train", "validation"] as const) : (["train"] as const);
  const metrics = ["loss", ...Object.keys(model.metrics ?? {})];
  return {
    monitor:
      earlyStopping &&
      resolveMetricPath("earlyStopping.monitor", earlyStopping.monitor, earlyStopping.mode, parts, metrics),
    target: target && resolveMetricPath("target.metric", target.metric, target.mode, parts, metrics),
  };
}
