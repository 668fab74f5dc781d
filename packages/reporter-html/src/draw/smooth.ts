/**
 * Exponential moving average of numbers that may each stand for several (`counts`), divided by the sum of its weights
 * (Kingma & Ba 2015, section 3), so that its start is not drawn to zero. `beta` in [0, 1); what is not finite is
 * passed over.
 */
export function smooth(
  values: ArrayLike<number>,
  beta: number,
  counts: ArrayLike<number> | undefined,
): Float64Array {
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) {
      const kept = beta ** (counts?.[i] ?? 1);
      sum = kept * sum + (1 - kept) * value;
      weight = kept * weight + (1 - kept);
    }
    smoothed[i] = Number.isFinite(value) && weight > 0 ? sum / weight : Number.NaN;
  }
  return smoothed;
}
