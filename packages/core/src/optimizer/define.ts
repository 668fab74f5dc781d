import type { Tensor } from "../expr/tensor.js";
import {
  type Chosen,
  checkDefinition,
  checkState,
  chooseOptions,
  chooseSettings,
  type Make,
  mainSetting,
  type Only,
  type Options,
  type Settings,
  splitChange,
  type Tensors,
} from "./definition.js";
import type {
  Change,
  Hypers,
  ParameterInfo,
  Rule,
  Slots,
  State,
  Transform,
  UpdateContext,
} from "./optimizer.js";
import type { Setting } from "./schedule.js";

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
  N extends Change & Tensors<S> = Change & Tensors<S>,
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
  ) => N & Only<keyof Change | keyof NoInfer<S>, N>;
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
        view: (
          { state: now, ...rest }: { state: State; name: string; parameter: Tensor; t: Tensor },
          hypers: State,
        ) => view({ ...rest, ...now } as never, hypers as Tensors<H>, chosen),
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
  N extends { readonly gradient: Tensor } & Tensors<S> = { readonly gradient: Tensor } & Tensors<S>,
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
  ) => N & Only<"gradient" | keyof NoInfer<S>, N>;
}): MakeTransform<H, O, M> {
  const { name, paper = "", hyper, main, options = {} as O, state = {} as S, update } = definition;
  checkDefinition(name, hyper, options, typeof state === "function" ? {} : state);
  const make = (
    first: Setting | Partial<Settings<H> & Chosen<O>> = {},
    others: object = {},
  ): Transform<H> => {
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
  return Object.assign(make, { definition: { name, paper, hyper, options } }) as unknown as MakeTransform<
    H,
    O,
    M
  >;
}
