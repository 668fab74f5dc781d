import type { Tensor } from "../expr/tensor.js";
import { mapValues } from "../record/map-values.js";
import { type Count, checkHyper, checkNames } from "./hyper.js";
import type { Change, Hypers, Slots, State } from "./optimizer.js";
import type { Setting } from "./schedule.js";

/** Options of a rule: `false` or `true` as the default, the choices of a word with the default first, or a count. */
export type Options = Readonly<Record<string, boolean | readonly string[] | Count>>;
export type Chosen<O extends Options> = {
  readonly [K in keyof O]: O[K] extends readonly string[]
    ? O[K][number]
    : O[K] extends Count
      ? number
      : boolean;
};
export type Settings<H> = { readonly [K in keyof H]: Setting };
export type Tensors<T> = { readonly [K in keyof T]: Tensor };
/** Forbids `T` any other name than those of `K`: what a function returns may have more than its type says. */
export type Only<K, T> = T extends unknown ? { readonly [X in Exclude<keyof T, K>]: never } : never;

/** Makes an optimizer: hyper-parameters and options by name, defaults for the rest. */
export type Make<H, O extends Options, T> = ((settings?: Partial<Settings<H> & Chosen<O>>) => T) & {
  /** What can be set, for command lines, forms and tables. */
  readonly definition: {
    readonly name: string;
    readonly paper: string;
    readonly hyper: H;
    readonly options: O;
  };
};

/** Settings by name, where the main one may have come without its name. */
export function mainSetting(
  name: string,
  main: string | undefined,
  first: Setting | object,
  others: object,
): Readonly<Record<string, unknown>> {
  if (typeof first === "object") return { ...first };
  if (main !== undefined) return { ...others, [main]: first };
  throw new TypeError(`${name}: got ${String(first)}; expected settings by name, as in ${name}({ … }).`);
}

const reserved = [
  "name",
  "parameter",
  "gradient",
  "t",
  "value",
  "key",
  "step",
  "decay",
  "state",
  "hyper",
  "inner",
];

export function checkDefinition(name: string, hyper: Hypers, options: Options, state: Slots): void {
  for (const [key, schema] of Object.entries(hyper))
    checkHyper(name, key, schema, schema.default, " (its default)");
  for (const key of Object.keys(options)) {
    if (key in hyper) throw new Error(`${name}: "${key}" is both a hyper-parameter and an option.`);
  }
  for (const key of Object.keys(state)) {
    if (reserved.includes(key)) {
      throw new Error(
        `${name}: state must not be called "${key}"; ${reserved.join(", ")} have a meaning already.`,
      );
    }
  }
}

export function chooseOptions<O extends Options>(
  name: string,
  options: O,
  hyper: Hypers,
  settings: Readonly<Record<string, unknown>>,
): Chosen<O> {
  checkNames(name, "hyper-parameter or option", Object.keys(settings), [
    ...Object.keys(hyper),
    ...Object.keys(options),
  ]);
  return mapValues(options as Options, (choices, key) => {
    const { initial, expected, fits } = describeOption(choices);
    const value = settings[key] ?? initial;
    if (fits(value)) return value;
    throw new RangeError(`${name}: ${key} = ${JSON.stringify(value)} is not allowed; expected ${expected}.`);
  }) as Chosen<O>;
}

function describeOption(option: Options[string]): {
  readonly initial: boolean | string | number | undefined;
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
} {
  if (typeof option === "boolean") {
    return { initial: option, expected: "true or false", fits: (value) => typeof value === "boolean" };
  }
  if ("about" in option) {
    const fits = (value: unknown) => Number.isInteger(value) && (value as number) >= option.min;
    return { initial: option.default, expected: `a whole number from ${option.min} on`, fits };
  }
  const list = option.map((choice) => `"${choice}"`).join(", ");
  return { initial: option[0], expected: list, fits: (value) => option.includes(value as string) };
}

export function chooseSettings<H extends Hypers>(
  name: string,
  hyper: H,
  settings: Readonly<Record<string, unknown>>,
): Settings<H> {
  return mapValues(hyper as Hypers, (schema, key) => {
    const setting = settings[key] ?? schema.default;
    return typeof setting === "function" ? setting : checkHyper(name, key, schema, setting);
  }) as Settings<H>;
}

export function splitChange(
  name: string,
  next: Record<string, Tensor | undefined>,
  stateNames: readonly string[],
): { change: Change; state: State } {
  const { step, decay, parameter, ...state } = next;
  if ((step === undefined) === (parameter === undefined)) {
    throw new Error(
      `${name}: an update returns either "step" or "parameter", with the next state beside it.`,
    );
  }
  checkState(name, state, stateNames);
  const change = parameter ? { parameter } : { step: step!, ...(decay && { decay }) };
  return { change, state: state as State };
}

export function checkState(name: string, next: object, stateNames: readonly string[]): void {
  checkNames(name, "state", Object.keys(next), stateNames);
  for (const key of stateNames) {
    if ((next as Record<string, unknown>)[key] === undefined) {
      throw new Error(`${name}: the update returned no next value for state "${key}".`);
    }
  }
}
