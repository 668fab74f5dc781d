/**
 * Numbers by step in bounded memory. As long as they are few, each stands for itself; beyond `capacity` neighbours are
 * joined, two by two: their least, largest, mean and last stay true.
 */
export interface Series {
  readonly step: number[];
  /** The number at `step`; NaN or infinite where it was. */
  readonly last: number[];
  /** What the joined numbers were, finite ones alone; absent as long as none were joined. */
  spread?: Spread;
}

interface Spread {
  readonly min: number[];
  readonly max: number[];
  readonly mean: number[];
  /** How many finite numbers each entry stands for. */
  readonly count: number[];
}

/** Entries of a series, and rows of a table, at most. */
export const capacity = 16_384;

export function createSeries(): Series {
  return { step: [], last: [] };
}

export function append(series: Series, step: number, value: number): void {
  if (series.step.length >= capacity) halve(series);
  series.step.push(step);
  series.last.push(value);
  const { spread } = series;
  if (spread !== undefined) {
    const finite = Number.isFinite(value);
    spread.min.push(finite ? value : Number.NaN);
    spread.max.push(finite ? value : Number.NaN);
    spread.mean.push(finite ? value : Number.NaN);
    spread.count.push(finite ? 1 : 0);
  }
}

function halve(series: Series): void {
  const { step, last } = series;
  const finite = last.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  series.spread ??= {
    min: [...finite],
    max: [...finite],
    mean: finite,
    count: finite.map((value) => (Number.isNaN(value) ? 0 : 1)),
  };
  const { min, max, mean, count } = series.spread;
  const half = Math.ceil(step.length / 2);
  for (let i = 0; i < half; i++) {
    const a = 2 * i;
    const b = Math.min(a + 1, step.length - 1);
    const n = a === b ? count[a]! : count[a]! + count[b]!;
    // Math.min gives NaN where one is: a number that was never finite says nothing of its neighbour.
    const [x, y] = [count[a]! > 0 ? a : b, count[b]! > 0 ? b : a];
    const joined = a === b ? mean[a]! : mean[x]! + (mean[y]! - mean[x]!) * (x === y ? 0 : count[y]! / n);
    const low = Math.min(min[x]!, min[y]!);
    const high = Math.max(max[x]!, max[y]!);
    // A number that is not finite outlives the one beside it: it is what a reader has to see.
    const kept = Number.isFinite(last[a]!) ? b : Number.isFinite(last[b]!) ? a : b;
    step[i] = step[kept]!;
    last[i] = last[kept]!;
    min[i] = low;
    max[i] = high;
    mean[i] = joined;
    count[i] = n;
  }
  for (const column of [step, last, min, max, mean, count]) column.length = half;
}
