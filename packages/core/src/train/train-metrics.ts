import type { Work } from "../engine/run.js";
import type { Hub } from "./hub.js";
import { toMetrics } from "./step-event.js";
import type { Training } from "./training.js";

/** Evaluates the training data for reporters that want its metrics, in the share of the run's time that they ask for. */
export interface TrainMetrics {
  /** Whether it is time to; to be asked once for each epoch. */
  isDue(epoch: number): boolean;
  /** Tells the figures at the end of the last epoch. Changes nothing that is learned. */
  tell(t: Training): Work<void>;
}

/** Besides that share, so that a run of milliseconds has a curve, too. */
const momentMs = 5;
/** Of two epochs with figures, the later one is so many times as late as the one before: curves bend early. */
const apart = 1.1;

export function createTrainMetrics(hub: Hub): TrainMetrics {
  const begunMs = performance.now();
  let spentMs = 0;
  let lastMs: number | undefined;
  let next = 0;
  return {
    isDue(epoch) {
      if (epoch < next) return false;
      const share = hub.trainMetricsShare();
      if (share === 0) return false;
      const elapsedMs = performance.now() - begunMs;
      // Before there is an experience: forward is a third of forward, backward and update.
      const costMs = lastMs ?? elapsedMs / epoch / 3;
      return spentMs + costMs <= momentMs + share * elapsedMs;
    },
    *tell({ evaluator, keeper, settings, progress: { step, epoch }, timeMs }) {
      next = Math.ceil(epoch * apart);
      const beforeMs = performance.now();
      evaluator.moveTo(keeper.latest);
      const train = yield* evaluator.figures(settings.data);
      const metrics = toMetrics({ train });
      hub.tellTrainMetrics({ type: "evaluation", step, epoch, metrics, timeMs: timeMs() });
      const tookMs = performance.now() - beforeMs;
      // The first one compiles what the run's end needs anyway.
      if (lastMs !== undefined) spentMs += tookMs;
      lastMs = lastMs === undefined ? Math.min(tookMs, momentMs) : tookMs;
    },
  };
}
