import type { Schedule } from "@downhill/core";
import * as exported from "@downhill/optimizers";
import { warmup } from "@downhill/optimizers";
import { asUsage, requireChoice, UsageError } from "./errors.js";
import { number } from "./flags.js";
import { kebab } from "./optimizers.js";

type Make = ReturnType<typeof exported.defineSchedule>;
type Argument = {
  readonly about: string;
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
  readonly default?: unknown;
  readonly optional?: true;
};

/** All schedules by name. */
export const schedules: Readonly<Record<string, Make>> = Object.fromEntries(
  Object.values(exported).flatMap((value) => (isSchedule(value) ? [[value.definition.name, value]] : [])),
);

function isSchedule(value: unknown): value is Make {
  const { definition } = value as { definition?: object };
  return definition !== undefined && "arguments" in definition;
}

/** Arguments of a schedule by flag: `end-value`. */
export function argumentsOf(
  make: Make,
): readonly (readonly [flag: string, name: string, argument: Argument])[] {
  return Object.entries(make.definition.arguments as Readonly<Record<string, Argument>>).map(
    ([name, argument]) => [kebab(name), name, argument] as const,
  );
}

/**
 * Reads `cosine`, `cosine:end-value=1e-5`, `step:step-size=100:gamma=0.5`, `warmup:100,cosine` or `warmup:100`: a
 * schedule's name and its arguments, perhaps after so many steps of warmup. Steps that are not given are those of the
 * run. The result turns the learning rate into the schedule.
 */
export function parseSchedule(text: string): (learningRate: number) => number | Schedule {
  const parts = text.split(",").map((part) => part.trim());
  const warm = /^warmup(?::(.*))?$/.exec(parts[0]!);
  if (!warm) {
    if (parts.length > 1)
      throw new UsageError(`--schedule ${text}: only warmup:<steps> can stand before a comma.`);
    return parseOne(parts[0]!);
  }
  const steps = number(warm[1] ?? "");
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new UsageError(
      `--schedule ${text}: warmup needs a whole number of steps, as in warmup:100,cosine.`,
    );
  }
  if (parts.length > 2) throw new UsageError(`--schedule ${text}: expected one schedule after the warmup.`);
  const rest = parts[1] === undefined ? (rate: number) => rate : parseOne(parts[1]);
  return (rate) => asUsage(() => warmup(steps, rest(rate)));
}

function parseOne(text: string): (learningRate: number) => number | Schedule {
  const [name, ...pairs] = text.split(":");
  const make = schedules[requireChoice("schedule", name!, [...Object.keys(schedules), "warmup"])]!;
  const known = argumentsOf(make);
  const written: Record<string, unknown> = {};
  for (const [, key, argument] of known) if (argument.fits("run")) written[key] = "run";
  for (const pair of pairs) {
    const [flag, value = ""] = pair.split("=");
    requireChoice(
      `argument of ${name}`,
      flag!,
      known.map(([candidate]) => candidate),
    );
    const [, key, argument] = known.find(([candidate]) => candidate === flag)!;
    written[key] = readArgument(`${name}: ${flag}`, argument, value);
  }
  const missing = known.find(
    ([, key, { default: initial, optional }]) => !(key in written) && initial === undefined && !optional,
  );
  if (missing) {
    throw new UsageError(
      `--schedule ${name} needs ${missing[0]} (${missing[2].about}), as in ${name}:${missing[0]}=….`,
    );
  }
  return (rate) => asUsage(() => (make as (value: number, written: object) => Schedule)(rate, written));
}

/** A number, a word, true or false, or numbers with a slash between them: whichever the argument takes. */
function readArgument(what: string, { fits, expected }: Argument, text: string): unknown {
  const readings = [number(text), text, text === "true", text.split("/").map(number)];
  const value = readings.find(
    (reading) => fits(reading) && (typeof reading !== "boolean" || /^(true|false)$/.test(text)),
  );
  if (value === undefined) throw new UsageError(`${what} is "${text}"; expected ${expected}.`);
  return value;
}
