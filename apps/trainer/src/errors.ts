import { getSystemErrorMap } from "node:util";
import { didYouMean } from "@downhill/core";
import type { Reporter } from "@downhill/core/train";

export const exitCodes = { done: 0, failure: 1, usage: 2, diverged: 3, interrupted: 130 } as const;

/** The command was called in a way that cannot work; nothing was done. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `make` returns; what is wrong with its arguments, which come from flags, is wrong usage. */
export function asUsage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw isMistake(error) ? new UsageError(error.message) : error;
  }
}

/** Throws a UsageError that lists the choices, with the nearest, when `name` is none of them. */
export function requireChoice<T extends string>(kind: string, name: string, choices: readonly T[]): T {
  if ((choices as readonly string[]).includes(name)) return name as T;
  const list = choices.length > 0 ? `Choose among: ${choices.join(", ")}.` : "There are none.";
  throw new UsageError(`unknown ${kind} "${name}".${suggestion(name, choices)} ${list}`);
}

/** ` Did you mean "x"?`, of a name misspelt or cut short. */
function suggestion(name: string, choices: readonly string[]): string {
  const whole = choices.find((choice) => name !== "" && choice.startsWith(name));
  return didYouMean(name, choices) || (whole ? ` Did you mean "${whole}"?` : "");
}

/** What the user is told, and the exit code. A stack trace only where the program itself is at fault. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof UsageError) return { message: error.message, exitCode: exitCodes.usage };
  if (isSystemError(error)) return { message: describeSystemError(error), exitCode: exitCodes.failure };
  if (isMistake(error)) {
    const message = error.name === "DataError" ? inFlags(error.message) : error.message;
    return { message, exitCode: exitCodes.failure };
  }
  const text = error instanceof Error ? error.stack : String(error);
  return { message: `this is a bug in downhill:\n${text}`, exitCode: exitCodes.failure };
}

/** What the packages advise in terms of their options, in terms of flags; advice that no flag can follow is left out. */
const advice: readonly (readonly [library: string | RegExp, flags: string])[] = [
  [
    'set missing to "drop" to leave out such rows, or to "mean" or "median"',
    "set --missing drop to leave out such rows, or --missing mean or --missing median",
  ],
  ['train with missing "mean" or "median"', "train with --missing mean or --missing median"],
  ['set task to "classification"', "set --task classification"],
  [/, or give "[^"]*" the type "text"( for classes)?\.$/, "."],
  [/ Give it the type "text"\.$/, " Correct it."],
  ["Set oneHot", "Set --one-hot"],
  ["columns of text need oneHot", "columns of text need --one-hot"],
  [
    "Rename one, or give the names in header; if the first line is a row, set header to false.",
    "Rename one; the first line must hold the columns' names.",
  ],
  ["If it is a row, set header to false.", "If it is a row, put a line with the columns' names before it."],
];

function inFlags(message: string): string {
  return advice.reduce((text, [library, flags]) => text.replace(library, flags), message);
}

/** A reporter that hears notices as those who use flags understand them. */
export function tellInFlags(reporter: Reporter): Reporter {
  return {
    ...reporter,
    on(event) {
      reporter.on(event.type === "notice" ? { ...event, message: inFlags(event.message) } : event);
    },
  };
}

/** Errors with a message for people, as all packages throw them: not those of the JavaScript engine. */
function isMistake(error: unknown): error is Error {
  return error instanceof Error && !["TypeError", "ReferenceError", "SyntaxError"].includes(error.name);
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "errno" in error && "syscall" in error;
}

/** `runs/model.safetensors: no space left on device.` */
function describeSystemError({ errno, path, message }: NodeJS.ErrnoException): string {
  const reason = getSystemErrorMap().get(errno ?? 0)?.[1];
  return reason && path ? `${path}: ${reason}.` : message;
}
