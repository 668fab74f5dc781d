import { checkRows, type MetricOptions, type Numbers } from "./numbers.js";

/** Part of the rows whose predicted class index is the target's. */
export function accuracy(predicted: Numbers, target: Numbers, options: MetricOptions = {}): number {
  checkRows("accuracy", predicted, target, options);
  let right = 0;
  let all = 0;
  for (let i = 0; i < target.length; i++) {
    const w = options.weight?.[i] ?? 1;
    all += w;
    if (predicted[i] === target[i]) right += w;
  }
  return right / all;
}
