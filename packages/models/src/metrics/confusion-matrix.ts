import { requireCount } from "../check.js";
import { checkClasses } from "./check-classes.js";
import { checkRows, type MetricOptions, type Numbers } from "./numbers.js";

/** Rows (their weights' sum) by class: `matrix[target][predicted]`, as in scikit-learn. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** Counts how often each class was taken for each; arguments are class indices. */
export function confusionMatrix(
  predicted: Numbers,
  target: Numbers,
  { classes, ...options }: MetricOptions & { readonly classes: number },
): ConfusionMatrix {
  requireCount("confusionMatrix", "classes", classes);
  checkRows("confusionMatrix", predicted, target, options);
  checkClasses("confusionMatrix", "target", target, classes);
  checkClasses("confusionMatrix", "prediction", predicted, classes);
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < target.length; i++) matrix[target[i]!]![predicted[i]!]! += options.weight?.[i] ?? 1;
  return matrix;
}
