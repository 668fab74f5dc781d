import { math } from "@downhill/core";
import { requireCount } from "../check.js";
import { checkClasses } from "./check-classes.js";
import { checkRows, type MetricOptions, type Numbers } from "./numbers.js";

/**
 * Mean of -log p[y]: `probabilities` of each row's classes, [rows, classes] row-major, `target` class indices.
 * Probabilities below the array's precision (2^-23 in a Float32Array, else 2^-52) count as that, so one certain
 * error does not make the mean infinite, as in scikit-learn.
 */
export function logLoss(
  probabilities: Numbers,
  target: Numbers,
  { classes, ...options }: MetricOptions & { readonly classes: number },
): number {
  requireCount("logLoss", "classes", classes, 2);
  checkRows("logLoss", probabilities, target, options, classes);
  checkClasses("logLoss", "target", target, classes);
  const least = probabilities instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  let sum = 0;
  let all = 0;
  for (let row = 0; row < target.length; row++) {
    const w = options.weight?.[row] ?? 1;
    all += w;
    sum -= w * math.log(Math.max(probabilities[row * classes + target[row]!]!, least));
  }
  return sum / all;
}
