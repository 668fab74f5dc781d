import { didYouMean } from "@downhill/core";

interface Range {
  readonly from?: number;
  readonly above?: number;
  readonly below?: number;
}

/** Throws a RangeError unless `value` is a finite number of the range: "mlp: dropout is 1; expected …". */
export function requireNumber(where: string, what: string, value: unknown, range: Range): void {
  const {
    from = Number.NEGATIVE_INFINITY,
    above = Number.NEGATIVE_INFINITY,
    below = Number.POSITIVE_INFINITY,
  } = range;
  if (typeof value === "number" && Number.isFinite(value) && value >= from && value > above && value < below)
    return;
  const limits = Object.entries(range).map(([word, limit]) => `${word} ${limit}`);
  throw new RangeError(`${where}: ${what} is ${show(value)}; expected a number ${limits.join(" and ")}.`);
}

/** Throws a RangeError unless `value` is a whole number, at least `least`. */
export function requireCount(where: string, what: string, value: unknown, least = 1): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  throw new RangeError(`${where}: ${what} is ${show(value)}; expected a whole number from ${least}.`);
}

/** Throws a RangeError unless `name` is one of `choices`, with the nearest and the list. */
export function requireChoice(where: string, what: string, name: unknown, choices: readonly string[]): void {
  if (choices.includes(name as string)) return;
  throw new RangeError(
    `${where}: unknown ${what} ${show(name)}.${didYouMean(String(name), choices)} There are ${choices.join(", ")}.`,
  );
}

/** Throws a RangeError for an option that is not among `known`: configurations come from files. */
export function requireKnown(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) requireChoice(where, "option", name, known);
}

function show(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
