/** Operations that make a part: about 15 µs, many times what it costs to hand one out. */
export const GRAIN = 150_000;
/** Enough for all threads to end at about the same time. */
const MOST = 64;

/** The number of parts that so many operations are worth; 1 if they are too few to share. */
export const partsFor = (operations: number, grain: number): number =>
  Math.max(1, Math.min(MOST, Math.floor(operations / grain)));

/** A length in equal parts, and a shorter rest. */
export interface Cut {
  readonly parts: number;
  readonly each: number;
  readonly rest: number;
}

/** Cuts `length` into about so many parts whose lengths are multiples; undefined where that leaves nothing to share. */
export function cut(length: number, wanted: number, multiple: number): Cut | undefined {
  const most = Math.min(wanted, Math.floor(length / multiple));
  if (most < 2) return undefined;
  // Fewer parts without a rest need less code.
  for (let parts = most; 2 * parts > most; parts--) {
    if (length % (parts * multiple) === 0) return { parts, each: length / parts, rest: 0 };
  }
  const each = Math.floor(length / most / multiple) * multiple;
  const parts = Math.floor(length / each);
  return { parts, each, rest: length - parts * each };
}
