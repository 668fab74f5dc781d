import type { FigureEvent, Reporter, RunEnd, TrainResult } from "@downhill/core/train";
import { figuresOf } from "./figures.js";
import type { Training } from "./recipe.js";

/** A reporter that gets figures of the trained model before it hears of the run's end. */
export interface AwaitingFigures {
  readonly reporter: Reporter;
  /** Tells the figures and the end. To be called once the run is over, however it ended. */
  finish(figures: readonly FigureEvent[]): Promise<void>;
}

/** Figures need the parameters that a run returns, and come before `run-end`: so the end is kept back for them. */
export function awaitFigures(reporter: Reporter): AwaitingFigures {
  let runEnd: RunEnd | undefined;
  let timeGiven: number | undefined;
  return {
    reporter: {
      ...reporter,
      on(event) {
        if (event.type === "run-end") runEnd = event;
        else reporter.on(event);
      },
      end(timeoutMs) {
        timeGiven = timeoutMs;
      },
    },
    async finish(figures) {
      // One that failed during the run is not told of its end.
      if (timeGiven === undefined) return;
      if (runEnd) for (const event of [...figures, runEnd]) reporter.on(event);
      await reporter.end?.(timeGiven);
      runEnd = undefined;
      timeGiven = undefined;
    },
  };
}

/** The training's result, when these reporters have its figures and its end. */
export async function withFigures(
  training: Training,
  awaiting: readonly AwaitingFigures[],
): Promise<TrainResult> {
  let figures: readonly FigureEvent[] = [];
  try {
    const result = await training.run;
    if (awaiting.length > 0) figures = figuresOf(training, result);
    return result;
  } finally {
    for (const { finish } of awaiting) await finish(figures);
  }
}
