import { didYouMean } from "../text/nearest.js";

/**
 * Schema of a hyper-parameter: from it come types, checks, command-line flags, forms and tables.
 * `min` and `max` belong to the range, `above` and `below` do not; it is of finite numbers, unless `max` is Infinity.
 */
export interface Hyper {
  readonly default: number;
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly below?: number;
  /** Natural scale is logarithmic: for sliders and searches. */
  readonly log?: boolean;
  /** One line on what it does. */
  readonly about: string;
}

/** A learning rate, in [0, ∞). */
export function rate(initial: number, about = "Size of the steps."): Hyper {
  return { default: initial, min: 0, log: true, about };
}

/** A decay factor of a moving average or a momentum, in [0, 1). */
export function beta(initial: number, about = "Decay factor of a moving average."): Hyper {
  return { default: initial, min: 0, below: 1, about };
}

/** A weight decay, in [0, ∞). */
export function decay(initial: number, about = "Weight decay."): Hyper {
  return { default: initial, min: 0, log: true, about };
}

/** A small number that keeps a denominator from zero, in [0, ∞). */
export function epsilon(initial: number, about = "Added to a denominator."): Hyper {
  return { default: initial, min: 0, log: true, about };
}

/** A whole number that shapes the computation itself, as iterations do: an option, which no schedule can change. */
export interface Count {
  readonly default: number;
  readonly min: number;
  readonly about: string;
}

/** An option that is a whole number, at least `min`. */
export function count(initial: number, about: string, min = 1): Count {
  return { default: initial, min, about };
}

/** The range as mathematics writes it: `[0, 1)`. */
export function formatRange({ min, above, max, below }: Hyper): string {
  const left = min !== undefined ? `[${min}` : above !== undefined ? `(${above}` : "(-∞";
  const right =
    max === Infinity ? "∞]" : max !== undefined ? `${max}]` : below !== undefined ? `${below})` : "∞)";
  return `${left}, ${right}`;
}

/** Throws a RangeError that names owner, hyper-parameter, value and range. */
export function checkHyper(owner: string, name: string, hyper: Hyper, value: unknown, when = ""): number {
  if (typeof value === "number" && isWithin(hyper, value)) return value;
  throw new RangeError(
    `${owner}: ${name} = ${String(value)}${when} is not allowed; expected a number in ${formatRange(hyper)}.`,
  );
}

function isWithin({ min, above, max, below }: Hyper, value: number): boolean {
  return (
    (Number.isFinite(value) || value === max) &&
    (min === undefined || value >= min) &&
    (above === undefined || value > above) &&
    (max === undefined || value <= max) &&
    (below === undefined || value < below)
  );
}

/** Throws when `names` holds one that `known` lacks, with the nearest and the list. */
export function checkNames(
  owner: string,
  kind: string,
  names: readonly string[],
  known: readonly string[],
): void {
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new Error(
      `${owner}: unknown ${kind} "${name}".${didYouMean(name, known)} ` +
        (known.length > 0 ? `It has ${known.join(", ")}.` : `It has none.`),
    );
  }
}
