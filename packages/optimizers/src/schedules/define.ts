import { checkNames } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import { type Argument, type Defaulted, number, type Optional } from "./arguments.js";
import { type Composable, composable } from "./composable.js";

export type Arguments = Readonly<Record<string, Argument<any>>>;
type Given<T> = T extends Argument<infer V> ? V : never;
type Free<A> = { [K in keyof A]: A[K] extends Optional<any> | Defaulted<any> ? K : never }[keyof A];

/** Arguments by name, as they are given. */
export type Written<A> = { readonly [K in Exclude<keyof A, Free<A>>]: Given<A[K]> } & {
  readonly [K in Free<A>]?: Given<A[K]>;
};

/** Arguments with their defaults, and with the run's length for "run". */
export type Known<A> = { readonly value: number } & {
  readonly [K in keyof A]: Exclude<Given<A[K]>, "run"> | (A[K] extends Optional<any> ? undefined : never);
};

/** Makes a schedule of its value (the first or the largest one) and its arguments by name. */
export type MakeSchedule<A> = ((
  value: number,
  ...rest: {} extends Written<A> ? [written?: Written<A>] : [written: Written<A>]
) => Composable) & {
  /** What can be set, for command lines, forms and tables. */
  readonly definition: { readonly name: string; readonly source: string; readonly arguments: A };
};

/**
 * Defines a schedule: `at` is its value at step t = 0, 1, …, a pure function of t and of the arguments. Elementary
 * functions come from core's `math`, so that the values are the same bits on every machine. Arguments are described by
 * `argument`: `{ steps: argument.steps("…"), endValue: argument.defaulted(argument.number("…"), 0) }`.
 */
export function defineSchedule<const A extends Arguments>(definition: {
  readonly name: string;
  /** The paper, or whose convention it is. */
  readonly source: string;
  readonly arguments: A;
  /** What is wrong with arguments that are right one by one. */
  readonly check?: (known: Known<NoInfer<A>>) => string | undefined;
  readonly at: (t: number, known: Known<NoInfer<A>>) => number;
}): MakeSchedule<A> {
  const { name, source, at, check } = definition;
  const make = (value: number, written: object = {}): Composable => {
    const known = readArguments(name, definition.arguments, value, written);
    const open = Object.keys(known).filter((key) => known[key] === "run");
    if (open.length > 0) {
      const forRun = (steps: number) =>
        make(value, { ...written, ...Object.fromEntries(open.map((key) => [key, steps])) });
      return composable(
        () => fail(name, open[0]!),
        () => ({ schedule: name, ...known }),
        { forRun },
      );
    }
    const wrong = check?.(known as Known<A>);
    if (wrong) throw new RangeError(`${name}: ${wrong}`);
    return composable(
      (t) => at(t, known as Known<A>),
      () => ({ schedule: name, ...known }),
    );
  };
  return Object.assign(make, {
    definition: { name, source, arguments: definition.arguments },
  }) as unknown as MakeSchedule<A>;
}

/** Value and arguments with their defaults, checked. */
export function readArguments(
  name: string,
  known: Arguments,
  value: number,
  written: object,
): Readonly<Record<string, Json>> {
  checkNames(name, "argument", Object.keys(written), Object.keys(known));
  checkArgument(name, "value", number(""), value);
  const read: Record<string, Json> = { value };
  for (const [key, argument] of Object.entries(known)) {
    const given =
      (written as Record<string, Json | undefined>)[key] ?? (argument as Partial<Defaulted<Json>>).default;
    if (given === undefined && "optional" in argument) continue;
    checkArgument(name, key, argument, given);
    read[key] = given!;
  }
  return read;
}

function checkArgument(name: string, key: string, argument: Argument<unknown>, value: unknown): void {
  if (argument.fits(value)) return;
  const got = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw new RangeError(`${name}: ${key} = ${got} is not allowed; expected ${argument.expected}.`);
}

function fail(name: string, key: string): never {
  throw new Error(
    `${name}: ${key} is "run", and the length of the run is not known here. ` +
      "Give a number of steps, or call forRun(steps) first.",
  );
}
