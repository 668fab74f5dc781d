import type { Numbers } from "./numbers.js";

/** Index of the largest of each row's `classes` numbers; the lowest of equals. */
export function mostProbable(probabilities: Numbers, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    let best = 0;
    for (let i = 1; i < classes; i++) {
      if (probabilities[row * classes + i]! > probabilities[row * classes + best]!) best = i;
    }
    return best;
  });
}
