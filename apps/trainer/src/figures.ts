import type { FigureEvent, TrainResult } from "@downhill/core/train";
import type { Samples } from "@downhill/datasets";
import { predict } from "@downhill/models";
import { classFigures } from "./class-figures.js";
import { fitFigure } from "./fit-figure.js";
import type { Training } from "./recipe.js";

/** A trained model, and the rows that figures of it show. */
export interface Shown {
  readonly model: Training["model"];
  readonly parameters: TrainResult["parameters"];
  readonly rows: Samples;
  /** Target and rows: `species of test rows`. */
  readonly title: string;
}

/** A figure; the step is known to whoever asked for it. */
export type Figure = Omit<FigureEvent, "type" | "step">;

/** What a trained model makes of the rows kept for testing, or of its training rows where none were kept. */
export function figuresOf(
  { model, data, test }: Training,
  { parameters, steps }: TrainResult,
): readonly FigureEvent[] {
  const rows = test ?? data;
  const title = `${data.info.target} of ${test ? "test" : "training"} rows`;
  const shown = { model, parameters, rows, title };
  const found = predict(model, parameters, rows.values.x);
  const figures = "probabilities" in found ? classFigures(shown, found) : [fitFigure(shown, found)];
  return figures.map((figure) => ({ type: "figure", step: steps, ...figure }));
}
