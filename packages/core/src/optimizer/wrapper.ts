import type { Tensor } from "../expr/tensor.js";
import { applyHyper, mergeHyper, prefixKeys } from "./compose.js";
import {
  type Chosen,
  checkDefinition,
  chooseOptions,
  chooseSettings,
  mainSetting,
  type Options,
  type Settings,
  splitChange,
  type Tensors,
} from "./definition.js";
import type { Hyper } from "./hyper.js";
import type { Change, Hypers, ParameterInfo, Rule, Slots, State, UpdateContext } from "./optimizer.js";
import type { Setting } from "./schedule.js";

/** What the wrapped rule's update gives: its change, and its next state as one thing. */
export type Inner = Change & { readonly state: State };

/** What a wrapper's update sees, besides its own state by name. */
export interface WrapperContext extends UpdateContext {
  /** The wrapped rule's state. */
  readonly state: State;
  /** The wrapped rule's hyper-parameters. */
  readonly hyper: State;
  /** The wrapped rule's update, of this context with changes; may be called more than once. */
  readonly inner: (changes?: Changes) => Inner;
}

/** What the wrapped rule may be shown in place of what is. */
export type Changes = Partial<Omit<UpdateContext, "name"> & { readonly state: State; readonly hyper: State }>;

/** Wraps a rule: with settings by name, or with its main setting first. */
export type MakeWrapper<H, O extends Options, M, N extends string> = (<I extends Readonly<Record<N, Hyper>>>(
  rule: Rule<I>,
  settings?: Partial<Settings<H> & Chosen<O>> | Main<H, O, M>,
) => Rule<I & H>) & {
  readonly definition: {
    readonly name: string;
    readonly paper: string;
    readonly hyper: H;
    readonly options: O;
  };
};

type Main<H, O extends Options, M> = M extends keyof H ? Setting : M extends keyof O ? Chosen<O>[M] : never;

/**
 * Defines a wrapper: a function from a rule to a rule that contains it, as one program.
 *
 * `update` gets what an update gets, and `inner`, the wrapped rule's update: it returns the change to make, `state`,
 * which is the wrapped rule's next state, and the next value of every state of its own. Hyper-parameters of both must
 * have different names; `needs` names some that the wrapped rule must have. A wrapper without a `view` of its own
 * leaves the wrapped rule's.
 */
export function defineWrapper<
  const H extends Hypers = {},
  const S extends Slots = {},
  const O extends Options = {},
  const M extends string = never,
  const N extends string = never,
>(definition: {
  readonly name: string;
  /** The source: a link or a citation. */
  readonly paper?: string;
  readonly hyper?: H;
  readonly options?: O;
  /** The hyper-parameter or option that may be given without its name. */
  readonly main?: M;
  readonly needs?: readonly N[];
  /** State by name; a function where it depends on options or on the parameter's shape. */
  readonly state?: S | ((parameter: ParameterInfo, options: Chosen<O>) => S);
  readonly update: (
    context: WrapperContext & Tensors<NoInfer<S>>,
    hyper: Tensors<NoInfer<H>>,
    options: Chosen<NoInfer<O>>,
  ) => Inner & Tensors<NoInfer<S>>;
  /** The point to evaluate and to keep, where that is not the point trained. */
  readonly view?: (
    context: { readonly name: string; readonly parameter: Tensor; readonly t: Tensor } & Tensors<NoInfer<S>>,
    hyper: Tensors<NoInfer<H>>,
    options: Chosen<NoInfer<O>>,
  ) => Tensor;
}): MakeWrapper<H, O, M, N> {
  const { name, paper = "", hyper = {} as H, options = {} as O, state = {} as S, update, view } = definition;
  checkDefinition(name, hyper, options, typeof state === "function" ? {} : state);
  const make = (rule: Rule<any>, given: Setting | object = {}): Rule<any> => {
    const full = `${name}(${rule.name})`;
    const settings = mainSetting(name, definition.main, given, {});
    const chosen = chooseOptions(name, options, hyper, settings);
    checkNeeds(full, rule, definition.needs ?? []);
    const own = { name, hyper, settings: chooseSettings(name, hyper, settings) };
    const ownSlots = (parameter: ParameterInfo): Slots =>
      typeof state === "function" ? state(parameter, chosen) : state;
    const ownState = (all: State, slots: Slots): State =>
      Object.fromEntries(Object.keys(slots).map((key) => [key, all[`${name}.${key}`]!]));
    return {
      ...rule,
      name: full,
      ...mergeHyper(full, [own, rule]),
      options: { ...rule.options, ...prefixKeys(name, chosen as Rule["options"]) },
      slots(parameter) {
        const inner = rule.slots(parameter);
        const outer = prefixKeys(name, ownSlots(parameter));
        const twice = Object.keys(outer).find((key) => key in inner);
        if (twice)
          throw new Error(`${full}: the state "${twice}" is there twice; wrap a rule in ${name} once.`);
        return { ...inner, ...outer };
      },
      update({ state: all, ...context }, hypers) {
        const info = { name: context.name, shape: context.parameter.shape };
        const innerHyper = applyHyper(rule, hypers);
        const innerState = Object.fromEntries(Object.keys(rule.slots(info)).map((key) => [key, all[key]!]));
        const inner = ({ hyper = innerHyper, ...changes }: Changes = {}): Inner => {
          const made = rule.update({ ...context, state: innerState, ...changes }, hyper);
          return { ...made.change, state: made.state };
        };
        const outer = ownState(all, ownSlots(info));
        const seen = { ...context, ...outer, state: innerState, hyper: innerHyper, inner };
        const { state: innerNext, ...made } = update(seen as never, hypers as Tensors<H>, chosen);
        const { change, state: outerNext } = splitChange(name, made, Object.keys(outer));
        return { change, state: { ...innerNext, ...prefixKeys(name, outerNext) } };
      },
      ...(view && {
        view: ({ state: all, ...context }: Parameters<NonNullable<Rule["view"]>>[0], hypers: State) => {
          const outer = ownState(all, ownSlots({ name: context.name, shape: context.parameter.shape }));
          return view({ ...context, ...outer } as never, hypers as Tensors<H>, chosen);
        },
      }),
    };
  };
  return Object.assign(make, { definition: { name, paper, hyper, options } }) as unknown as MakeWrapper<
    H,
    O,
    M,
    N
  >;
}

function checkNeeds(name: string, rule: Rule<any>, needs: readonly string[]): void {
  for (const key of needs) {
    if (key in rule.hyper) continue;
    throw new Error(
      `${name}: ${rule.name} has no hyper-parameter "${key}", which this needs; ` +
        `it has ${Object.keys(rule.hyper).join(", ")}.`,
    );
  }
}
