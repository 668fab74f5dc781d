/** Weights and intercept of least squares by the normal equations of centred columns. x: [rows][features] */
export function leastSquares(x: readonly ArrayLike<number>[], y: ArrayLike<number>) {
  const rows = x.length;
  const width = x[0]!.length;
  const mean = (f: (row: number) => number) => x.reduce((sum, _, row) => sum + f(row), 0) / rows;
  const means = Array.from({ length: width }, (_, j) => mean((row) => x[row]![j]!));
  const meanY = mean((row) => y[row]!);
  const a = means.map((mi, i) => [
    ...means.map((mj, j) => mean((row) => (x[row]![i]! - mi) * (x[row]![j]! - mj))),
    mean((row) => (x[row]![i]! - mi) * (y[row]! - meanY)),
  ]);
  for (let i = 0; i < width; i++) {
    const pivot = a.findIndex(
      (row, k) => k >= i && Math.abs(row[i]!) === Math.max(...a.slice(i).map((r) => Math.abs(r[i]!))),
    );
    [a[i], a[pivot]] = [a[pivot]!, a[i]!];
    for (let k = 0; k < width; k++) {
      if (k === i) continue;
      const factor = a[k]![i]! / a[i]![i]!;
      for (let j = i; j <= width; j++) a[k]![j]! -= factor * a[i]![j]!;
    }
  }
  const weights = Float64Array.from(a, (row, i) => row[width]! / row[i]!);
  return { weights, intercept: meanY - weights.reduce((sum, w, j) => sum + w * means[j]!, 0) };
}

/** Rows of a flat array [rows, width]. */
export function rowsOf(data: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: data.length / width }, (_, row) =>
    data.subarray(row * width, (row + 1) * width),
  );
}
