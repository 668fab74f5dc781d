/**
 * Numbers by step in bounded memory. As long as they are few, each stands for itself; beyond `capacity`, entries are
 * joined two by two, and further numbers are joined to as many: entries are equally wide, and their least, largest,
 * mean and last stay true.
 */
export interface Series {
  readonly step: number[];
  /** The number at `step`; NaN or infinite where one of those joined was. */
  readonly last: number[];
  /** What the joined numbers were, finite ones alone; absent as long as none were joined. */
  spread?: Spread;
  /** How many numbers an entry holds. */
  width: number;
  /** How many of them the last entry has so far. */
  filled: number;
}

interface Spread {
  readonly min: number[];
  readonly max: number[];
  readonly mean: number[];
  /** How many finite numbers each entry stands for. */
  readonly count: number[];
}

/** Entries of a series, and rows of a table, at most. Even, so that all can be joined two by two. */
export const capacity = 16_384;

export function createSeries(): Series {
  return { step: [], last: [], width: 1, filled: 1 };
}

export function append(series: Series, step: number, value: number): void {
  if (series.filled < series.width) {
    joinValue(series, step, value);
    series.filled++;
    return;
  }
  if (series.step.length === capacity) halve(series);
  pushEntry(series, step, value);
  series.filled = 1;
}

function pushEntry({ step: steps, last, spread }: Series, step: number, value: number): void {
  steps.push(step);
  last.push(value);
  if (spread === undefined) return;
  const finite = Number.isFinite(value);
  for (const column of [spread.min, spread.max, spread.mean]) column.push(finite ? value : Number.NaN);
  spread.count.push(finite ? 1 : 0);
}

/** Puts a number to those of the last entry. */
function joinValue({ step: steps, last, spread }: Series, step: number, value: number): void {
  const { min, max, mean, count } = spread!;
  const i = steps.length - 1;
  // A number that is not finite outlives those after it: it is what a reader has to see.
  if (Number.isFinite(last[i]!) || !Number.isFinite(value)) {
    steps[i] = step;
    last[i] = value;
  }
  if (!Number.isFinite(value)) return;
  const n = ++count[i]!;
  const first = n === 1;
  min[i] = first ? value : Math.min(min[i]!, value);
  max[i] = first ? value : Math.max(max[i]!, value);
  mean[i] = first ? value : mean[i]! + (value - mean[i]!) / n;
}

function halve(series: Series): void {
  if (series.spread === undefined) series.spread = joinSingles(series);
  else for (let i = 0; i < capacity / 2; i++) join(series, series.spread, i, 2 * i, 2 * i + 1);
  series.width *= 2;
  shorten(series, capacity / 2);
}

/** Joins numbers that stand for themselves, two by two. */
function joinSingles({ step, last }: Series): Spread {
  const spread: Spread = { min: [], max: [], mean: [], count: [] };
  for (let i = 0; i < capacity / 2; i++) {
    const a = last[2 * i]!;
    const b = last[2 * i + 1]!;
    const [finiteA, finiteB] = [Number.isFinite(a), Number.isFinite(b)];
    const kept = finiteB && !finiteA ? 2 * i : 2 * i + 1;
    step[i] = step[kept]!;
    last[i] = last[kept]!;
    const x = finiteA ? a : finiteB ? b : Number.NaN;
    const y = finiteB ? b : x;
    spread.min.push(Math.min(x, y));
    spread.max.push(Math.max(x, y));
    spread.mean.push(x + (y - x) / 2);
    spread.count.push(Number(finiteA) + Number(finiteB));
  }
  return spread;
}

/** Puts what entries `a` and `b` hold, `b` being the later, in the place of another. */
function join(
  { step, last }: Series,
  { min, max, mean, count }: Spread,
  into: number,
  a: number,
  b: number,
): void {
  const kept = Number.isFinite(last[b]!) && !Number.isFinite(last[a]!) ? a : b;
  // Nothing finite says nothing of its neighbour.
  const x = count[a]! > 0 ? a : b;
  const y = count[b]! > 0 ? b : a;
  const n = count[a]! + count[b]!;
  const share = x === y ? 0 : count[y]! / n;
  step[into] = step[kept]!;
  last[into] = last[kept]!;
  mean[into] = mean[x]! + (mean[y]! - mean[x]!) * share;
  min[into] = Math.min(min[x]!, min[y]!);
  max[into] = Math.max(max[x]!, max[y]!);
  count[into] = n;
}

/** Forgets all entries but the first; the next number begins one of its own. */
export function shorten(series: Series, length: number): void {
  const { step, last, spread } = series;
  const columns = spread ? [spread.min, spread.max, spread.mean, spread.count] : [];
  for (const column of [step, last, ...columns]) column.length = length;
  series.filled = series.width;
}
