/**
 * Heights that part a landscape into bands, evenly spaced in log(1 + (z − min) / s), s the height below which a
 * hundredth of the ground lies: narrow in the valleys, where minimizers walk, wide on the slopes. Each is rounded to
 * two digits, so that it can be written down.
 */
export function levelsOf(z: ArrayLike<number>, count: number): number[] {
  const sorted = Float64Array.from(z)
    .filter((value) => Number.isFinite(value))
    .sort();
  const low = sorted[0];
  const high = sorted.at(-1);
  if (low === undefined || high === undefined || low === high) return [];
  const s = sorted[Math.floor(sorted.length / 100)]! - low || (high - low) / 1e3;
  const top = Math.log1p((high - low) / s);
  const even = Array.from({ length: count }, (_, i) => low + s * Math.expm1((top * (i + 1)) / (count + 1)));
  const levels = even.map((level) => round(level, high - low));
  return [...new Set(levels)].filter((level) => level > low && level < high);
}

// Two digits of the value itself, unless the landscape lies far from 0: then two of its height.
function round(value: number, height: number): number {
  if (Math.abs(value) <= 10 * height) return Number(value.toPrecision(2));
  const unit = 10 ** (Math.floor(Math.log10(height)) - 2);
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}
