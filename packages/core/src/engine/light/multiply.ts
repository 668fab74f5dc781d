import type { Shape } from "../../expr/shape.js";

/** Products of the matrices of `a` with those of `b`, whose shape is given, into `result`. */
export function multiply(a: Float64Array, b: Float64Array, result: Float64Array, shape: Shape): void {
  const [k, n] = shape.slice(-2) as [number, number];
  const rows = a.length / k;
  const rowsOfOne = (rows * k * n) / b.length;
  result.fill(0);
  for (let row = 0; row < rows; row++) {
    const matrix = Math.floor(row / rowsOfOne) * k;
    for (let l = 0; l < k; l++) {
      const x = a[row * k + l]!;
      for (let j = 0; j < n; j++) result[row * n + j]! += x * b[(matrix + l) * n + j]!;
    }
  }
}
