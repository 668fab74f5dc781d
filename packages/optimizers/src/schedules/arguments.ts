/** What an argument of a schedule may be, for checks, command lines and tables. */
export interface Argument<T> {
  readonly about: string;
  /** For messages: "a finite number". */
  readonly expected: string;
  readonly fits: (value: unknown) => value is T;
}

/** An argument with a default. */
export interface Defaulted<T> extends Argument<T> {
  readonly default: T;
}

/** An argument that may be left out, which then means something of its own. */
export interface Optional<T> extends Argument<T> {
  readonly optional: true;
}

const isNumber = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x);
const isPositive = (x: unknown): x is number => isNumber(x) && x > 0;
const isWhole = (x: unknown, min = 1): x is number => Number.isInteger(x) && (x as number) >= min;

/** A finite number. */
export function number(about: string): Argument<number> {
  return { about, expected: "a finite number", fits: isNumber };
}

/** A number above 0. */
export function positive(about: string): Argument<number> {
  return { about, expected: "a number above 0", fits: isPositive };
}

/** A whole number, at least `min`. */
export function whole(about: string, min = 1): Argument<number> {
  return { about, expected: `a whole number from ${min} on`, fits: (x): x is number => isWhole(x, min) };
}

/** A number of steps, or "run" for all steps of the run. */
export function steps(about: string): Argument<number | "run"> {
  return {
    about,
    expected: 'a whole number of steps from 1 on, or "run"',
    fits: (x): x is number | "run" => x === "run" || isWhole(x),
  };
}

/** A number of at least `min`. */
export function atLeast(about: string, min: number): Argument<number> {
  return {
    about,
    expected: `a number of at least ${min}`,
    fits: (x): x is number => isNumber(x) && x >= min,
  };
}

/** A number strictly between 0 and 1. */
export function fraction(about: string): Argument<number> {
  return {
    about,
    expected: "a number between 0 and 1",
    fits: (x): x is number => isPositive(x) && x < 1,
  };
}

export function flag(about: string): Argument<boolean> {
  return { about, expected: "true or false", fits: (x) => typeof x === "boolean" };
}

export function choice<const W extends readonly string[]>(about: string, words: W): Argument<W[number]> {
  return {
    about,
    expected: words.map((word) => `"${word}"`).join(", "),
    fits: (x): x is W[number] => words.includes(x as string),
  };
}

/** Steps in growing order. */
export function milestones(about: string): Argument<readonly number[]> {
  return {
    about,
    expected: "whole numbers of steps from 1 on, in growing order",
    fits: (x): x is readonly number[] =>
      Array.isArray(x) && x.every((step, i) => isWhole(step) && (i === 0 || step > x[i - 1])),
  };
}

export function text(about: string): Argument<string> {
  return { about, expected: "a text", fits: (x) => typeof x === "string" };
}

export function numbers(about: string): Argument<readonly number[]> {
  return {
    about,
    expected: "finite numbers",
    fits: (x): x is readonly number[] => Array.isArray(x) && x.every(isNumber),
  };
}

export function defaulted<T>(argument: Argument<T>, initial: NoInfer<T>): Defaulted<T> {
  return { ...argument, default: initial };
}

export function optional<T>(argument: Argument<T>): Optional<T> {
  return { ...argument, optional: true };
}
