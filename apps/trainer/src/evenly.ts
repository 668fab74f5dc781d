/** So many values from the first to the last, both included. */
export function evenly(first: number, last: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
}

/** Least and largest, a twentieth of what lies between further out. */
export function aroundAll(values: readonly number[]): readonly [number, number] {
  const least = values.reduce((a, b) => Math.min(a, b));
  const largest = values.reduce((a, b) => Math.max(a, b));
  const margin = (largest - least) / 20 || 1;
  return [least - margin, largest + margin];
}

/** Numbers of the rows to draw: evenly among all, and no more than can be told apart. */
export function rowsToDraw(count: number, most = 2000): readonly number[] {
  const drawn = Math.min(count, most);
  return Array.from({ length: drawn }, (_, i) => Math.floor((i * count) / drawn));
}
