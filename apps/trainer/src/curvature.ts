import type { Samples } from "@downhill/datasets";

/**
 * Largest eigenvalue of XᵀX/n, X the rows of features with a column of ones for the intercept, weighted where rows
 * have weights: by power iteration, from below. Gradient descent on a quadratic of curvature λ converges for every
 * learning rate below 2/λ, so 1/λ has room for the estimate's error.
 */
export function largestEigenvalue({ values: { x, weight }, rows }: Samples, iterations = 50): number {
  const features = x.data.length / rows;
  const weightOf = (row: number) => (weight ? weight.data[row]! : 1);
  let total = 0;
  for (let row = 0; row < rows; row++) total += weightOf(row);

  // No start that a pattern in the data is likely to be perpendicular to; the last element is the intercept's.
  let v = Float64Array.from({ length: features + 1 }, (_, j) => 1 / (j + 1));
  let eigenvalue = 0;
  for (let i = 0; i < iterations; i++) {
    const next = new Float64Array(features + 1);
    for (let row = 0; row < rows; row++) {
      const at = row * features;
      let product = v[features]!;
      for (let j = 0; j < features; j++) product += x.data[at + j]! * v[j]!;
      product *= weightOf(row) / total;
      for (let j = 0; j < features; j++) next[j]! += product * x.data[at + j]!;
      next[features]! += product;
    }
    eigenvalue = Math.hypot(...next) / Math.hypot(...v);
    v = next.map((value) => value / eigenvalue);
  }
  return eigenvalue;
}
