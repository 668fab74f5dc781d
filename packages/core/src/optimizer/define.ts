import type { Tensor } from "../expr/tensor.js";
import { type Count, checkHyper, checkNames, type Hyper } from "./hyper.js";
import type { Asking, Point, Vector } from "./method.js";
import type {
  Change,
  Hypers,
  Method,
  MethodStep,
  ParameterInfo,
  Rule,
  Slots,
  State,
  Transform,
  UpdateContext,
} from "./optimizer.js";
import type { Setting } from "./schedule.js";

/** Options of a rule: `false` or `true` as the default, the choices of a word with the default first, or a count. */
export type Options = Readonly<Record<string, boolean | readonly string[] | Count>>;
export type Chosen<O extends Options> = {
  readonly [K in keyof O]: O[K] extends readonly string[] ? O[K][number] : O[K] extends Count ? number : boolean;
};
type Settings<H> = { readonly [K in keyof H]: Setting };
type Tensors<T> = { readonly [K in keyof T]: Tensor };

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

/**
 * Defines an update rule as the paper writes it.
 *
 * `update` gets one parameter with its gradient and state, and the hyper-parameters as traced scalars; it returns
 * the step (what is subtracted), an optional decay, and the next value of every state by name:
 * p ← p·(1 - decay) - step. It is traced once per parameter; nothing in it may depend on numbers.
 */
export function defineOptimizer<
  const H extends Hypers,
  const S extends Slots = {},
  const O extends Options = {},
>(definition: {
  readonly name: string;
  /** The source: a link or a citation. */
  readonly paper: string;
  readonly hyper: H;
  readonly options?: O;
  /** Defaults that an option changes. */
  readonly defaults?: (options: Chosen<NoInfer<O>>) => { readonly [K in keyof NoInfer<H>]?: number };
  /** State by name; a function where it depends on options or on the parameter's shape. */
  readonly state?: S | ((parameter: ParameterInfo, options: Chosen<O>) => S);
  readonly update: (
    context: UpdateContext & Tensors<NoInfer<S>>,
    hyper: Tensors<NoInfer<H>>,
    options: Chosen<NoInfer<O>>,
  ) => Change & Tensors<NoInfer<S>>;
  /** The point to evaluate and to keep, where that is not the point trained. */
  readonly view?: (
    context: { readonly name: string; readonly parameter: Tensor; readonly t: Tensor } & Tensors<NoInfer<S>>,
    hyper: Tensors<NoInfer<H>>,
    options: Chosen<NoInfer<O>>,
  ) => Tensor;
}): Make<H, O, Rule<H>> {
  const { name, paper, hyper, options = {} as O, defaults, state = {} as S, update, view } = definition;
  checkDefinition(name, hyper, options, typeof state === "function" ? {} : state);
  const make = (settings: Partial<Settings<H> & Chosen<O>> = {}): Rule<H> => {
    const chosen = chooseOptions(name, options, hyper, settings);
    const slots = (parameter: ParameterInfo) =>
      (typeof state === "function" ? state(parameter, chosen) : state) as Slots;
    return {
      "~optimizer": 1,
      kind: "rule",
      name,
      paper,
      hyper,
      settings: chooseSettings(name, hyper, { ...defaults?.(chosen), ...settings }),
      options: chosen,
      slots,
      update(context, hypers) {
        const { state: old, ...rest } = context;
        const next: Record<string, Tensor | undefined> = update(
          { ...rest, ...old } as never,
          hypers as Tensors<H>,
          chosen,
        );
        return splitChange(name, next, Object.keys(old));
      },
      ...(view && {
        view: ({ state: now, ...rest }: { state: State; name: string; parameter: Tensor; t: Tensor }, hypers: State) =>
          view({ ...rest, ...now } as never, hypers as Tensors<H>, chosen),
      }),
    };
  };
  return Object.assign(make, { definition: { name, paper, hyper, options } });
}

/** Makes a transform: of settings by name, or of its main hyper-parameter and the other settings. */
export type MakeTransform<H, O extends Options, M extends keyof H = never> = Make<H, O, Transform<H>> &
  ([M] extends [never]
    ? unknown
    : (main: Setting, settings?: Partial<Omit<Settings<H> & Chosen<O>, M>>) => Transform<H>);

/**
 * Defines a change of gradients that stands before a rule in `chain`. The hyper-parameter named `main` may be given
 * first, without its name: `clipByNorm(1)`.
 */
export function defineTransform<
  const H extends Hypers,
  const S extends Slots = {},
  const O extends Options = {},
  const M extends keyof H & string = never,
>(definition: {
  readonly name: string;
  /** The source: a link or a citation. */
  readonly paper?: string;
  readonly hyper: H;
  readonly main?: M;
  readonly options?: O;
  /** State by name; a function where it depends on options or on the parameter's shape. */
  readonly state?: S | ((parameter: ParameterInfo, options: Chosen<O>) => S);
  readonly update: (
    context: UpdateContext & Tensors<NoInfer<S>>,
    hyper: Tensors<NoInfer<H>>,
    options: Chosen<NoInfer<O>>,
  ) => { readonly gradient: Tensor } & Tensors<NoInfer<S>>;
}): MakeTransform<H, O, M> {
  const { name, paper = "", hyper, main, options = {} as O, state = {} as S, update } = definition;
  checkDefinition(name, hyper, options, typeof state === "function" ? {} : state);
  const make = (first: Setting | Partial<Settings<H> & Chosen<O>> = {}, others: object = {}): Transform<H> => {
    const settings = mainSetting(name, main, first, others);
    const chosen = chooseOptions(name, options, hyper, settings);
    return {
      "~transform": 1,
      name,
      hyper,
      settings: chooseSettings(name, hyper, settings),
      options: chosen,
      slots: (parameter) => (typeof state === "function" ? state(parameter, chosen) : state),
      update(context, hypers) {
        const { state: old, ...rest } = context;
        const { gradient, ...next } = update({ ...rest, ...old } as never, hypers as Tensors<H>, chosen);
        checkState(name, next, Object.keys(old));
        return { gradient, state: next as State };
      },
    };
  };
  return Object.assign(make, { definition: { name, paper, hyper, options } }) as unknown as MakeTransform<H, O, M>;
}

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

/**
 * Defines a method that asks for evaluations: a generator that yields its requests (`yield* ask.value(y)`) and
 * returns where it arrived. Its state is plain data (numbers, strings, vectors, arrays and records of them), so
 * that it can be saved between steps.
 */
export function defineMethod<const H extends Hypers, S>(definition: {
  readonly name: string;
  readonly paper: string;
  readonly hyper: H;
  readonly start: (x: Vector) => S;
  readonly step: (
    context: { readonly x: Vector; readonly at: Point; readonly state: NoInfer<S> },
    hyper: { readonly [K in keyof NoInfer<H>]: number },
  ) => Asking<MethodStep<NoInfer<S>>>;
}): Make<H, {}, Method<H>> {
  const { name, paper, hyper, start, step } = definition;
  checkDefinition(name, hyper, {}, {});
  const make = (settings: Partial<Settings<H>> = {}): Method<H> => {
    chooseOptions(name, {}, hyper, settings);
    return {
      "~optimizer": 1,
      kind: "method",
      name,
      paper,
      hyper,
      settings: chooseSettings(name, hyper, settings),
      options: {},
      start,
      step: step as Method<H>["step"],
    };
  };
  return Object.assign(make, { definition: { name, paper, hyper, options: {} } });
}

const reserved = ["name", "parameter", "gradient", "t", "value", "key", "step", "decay", "state"];

function checkDefinition(name: string, hyper: Hypers, options: Options, state: Slots): void {
  for (const [key, schema] of Object.entries(hyper)) checkHyper(name, key, schema, schema.default, " (its default)");
  for (const key of Object.keys(options)) {
    if (key in hyper) throw new Error(`${name}: "${key}" is both a hyper-parameter and an option.`);
  }
  for (const key of Object.keys(state)) {
    if (reserved.includes(key)) {
      throw new Error(`${name}: state must not be called "${key}"; ${reserved.join(", ")} have a meaning already.`);
    }
  }
}

function chooseOptions<O extends Options>(
  name: string,
  options: O,
  hyper: Hypers,
  settings: Readonly<Record<string, unknown>>,
): Chosen<O> {
  checkNames(name, "hyper-parameter or option", Object.keys(settings), [
    ...Object.keys(hyper),
    ...Object.keys(options),
  ]);
  const chosen = Object.entries(options).map(([key, choices]) => {
    const { initial, expected, fits } = describeOption(choices);
    const value = settings[key] ?? initial;
    if (fits(value)) return [key, value];
    throw new RangeError(`${name}: ${key} = ${JSON.stringify(value)} is not allowed; expected ${expected}.`);
  });
  return Object.fromEntries(chosen) as Chosen<O>;
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

function chooseSettings<H extends Hypers>(
  name: string,
  hyper: H,
  settings: Readonly<Record<string, unknown>>,
): Settings<H> {
  return Object.fromEntries(
    Object.entries<Hyper>(hyper).map(([key, schema]) => {
      const setting = settings[key] ?? schema.default;
      return [key, typeof setting === "function" ? setting : checkHyper(name, key, schema, setting)];
    }),
  ) as Settings<H>;
}

function splitChange(
  name: string,
  next: Record<string, Tensor | undefined>,
  stateNames: readonly string[],
): { change: Change; state: State } {
  const { step, decay, parameter, ...state } = next;
  if ((step === undefined) === (parameter === undefined)) {
    throw new Error(`${name}: an update returns either "step" or "parameter", with the next state beside it.`);
  }
  checkState(name, state, stateNames);
  const change = parameter ? { parameter } : { step: step!, ...(decay && { decay }) };
  return { change, state: state as State };
}

function checkState(name: string, next: object, stateNames: readonly string[]): void {
  checkNames(name, "state", Object.keys(next), stateNames);
  for (const key of stateNames) {
    if ((next as Record<string, unknown>)[key] === undefined) {
      throw new Error(`${name}: the update returned no next value for state "${key}".`);
    }
  }
}
