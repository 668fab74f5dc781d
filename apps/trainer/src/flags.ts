import { UsageError } from "./errors.js";

/** Readers of flags' texts; commander calls them with the text alone mattering. */
type Read<T> = (text: string) => T;

function expected(what: string, text: string): never {
  throw new UsageError(`${what}, but found "${text}".`);
}

/** `--epochs 10`: a whole number. */
export function whole(flag: string, least = 1): Read<number> {
  return (text) => {
    const value = number(text);
    return Number.isSafeInteger(value) && value >= least
      ? value
      : expected(`${flag} expects a whole number from ${least}`, text);
  };
}

/** `--split 0.2`: a part of the rows, or none. */
export function share(flag: string): Read<number | "none"> {
  return (text) => {
    if (text === "none") return text;
    const value = number(text);
    return value > 0 && value < 1
      ? value
      : expected(`${flag} expects a share above 0 and below 1, or none`, text);
  };
}

/** `--tolerance 1e-6`: a number of at least 0. */
export function positive(flag: string): Read<number> {
  return (text) => {
    const value = number(text);
    return value >= 0 && value < Infinity ? value : expected(`${flag} expects a number of at least 0`, text);
  };
}

/** `--batch-size 32` or `--batch-size all`. */
export function wholeOrAll(flag: string): Read<number | "all"> {
  const read = whole(flag);
  return (text) => (text === "all" ? "all" : read(text));
}

/** `--hidden 64,32`; none is an empty list. */
export function wholes(flag: string): Read<readonly number[]> {
  const read = whole(flag);
  return (text) => (text === "none" ? [] : text.split(",").map(read));
}

/** `--start -1.2,1`: so many numbers. */
export function numbers(flag: string, count: number): Read<readonly number[]> {
  return (text) => {
    const values = text.split(",").map(number);
    return values.length === count && values.every(Number.isFinite)
      ? values
      : expected(`${flag} expects ${count} numbers with a comma between them`, text);
  };
}

/** `--plot out.svg`: a file of a kind that can be drawn, or - for the terminal. */
export function picture(flag: string): Read<string> {
  return (text) =>
    text === "-" || /\.(svg|png)$/.test(text)
      ? text
      : expected(`${flag} expects a file that ends with .svg or .png, or -`, text);
}

/** `--features a,b`. */
export function names(text: string): readonly string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** NaN where the text is no number. */
export function number(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
