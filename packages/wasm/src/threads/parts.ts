/** Operations that make a part: 5 to 10 µs of work, where handing a part out costs less than 1. */
export const GRAIN = 150_000;
/** Enough for all threads to end at about the same time. */
const MOST = 64;

/** The number of parts that so many operations are worth: 1 if they are too few to share, else an even number. */
export const partsFor = (operations: number, grain: number): number =>
  Math.max(1, Math.min(MOST, 2 * Math.floor(operations / (2 * grain))));

/** A length in equal parts, and a rest. */
export interface Cut {
  readonly parts: number;
  readonly each: number;
  readonly rest: number;
}

/**
 * Cuts `length` into an even number of parts, about as many as wanted, whose lengths are multiples; undefined where that
 * leaves nothing to share.
 */
export function cut(length: number, wanted: number, multiple: number): Cut | undefined {
  const most = 2 * Math.floor(Math.min(wanted, length / multiple) / 2);
  if (most < 2) return undefined;
  // Fewer parts without a rest need less code.
  for (let parts = most; 2 * parts > most; parts -= 2) {
    if (length % (parts * multiple) === 0) return { parts, each: length / parts, rest: 0 };
  }
  const units = length / most / multiple;
  const lower = Math.floor(units) * multiple;
  // A rest much longer than a part would be waited for.
  const each = length - most * lower < 2 * lower ? lower : Math.ceil(units) * multiple;
  const parts = 2 * Math.floor(length / each / 2);
  return { parts, each, rest: length - parts * each };
}
