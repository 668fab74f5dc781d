import {
  didYouMean,
  type Hyper,
  type Hypers,
  mergeHyper,
  type ParameterInfo,
  type Rule,
  type Setting,
  type Slots,
  type State,
  sumWithinGroup,
  type Tensor,
} from "@downhill/core";
import { matches, type Pattern } from "./pattern.js";

/** Rules by group: under a name or glob that says which parameters, or as [predicate, rule] under a name of its own. */
export type Groups = Readonly<Record<string, Rule<any> | readonly [Exclude<Pattern, string>, Rule<any>]>>;

type HyperOf<G> = G extends Rule<infer H> ? H : G extends readonly [unknown, Rule<infer H>] ? H : never;
type Named<G> = {
  [K in keyof G & string]: (
    x: {
      readonly [N in keyof HyperOf<G[K]> & string as `${K}.${N}`]: Hyper;
    },
  ) => void;
}[keyof G & string];

/** Hyper-parameters of all groups under their group's name: `rest.learningRate`. */
export type Partitioned<G> = Named<G> extends (x: infer All) => void ? All : never;

interface Part {
  readonly group: string;
  readonly pattern: Pattern;
  readonly rule: Rule<any>;
}

/**
 * Different rules, or one with different hyper-parameters, for different parameters:
 *
 *     partition({ "embed.*": adam({ learningRate: 1e-4 }), matrices: [({ shape }) => shape.length === 2, muon()], rest: adamw() })
 *
 * A group's name is an exact name or a glob, or anything for a predicate; `rest` takes what no other group has. A
 * parameter belongs to the group of its exact name, else to the first that matches. Hyper-parameters, options and state
 * stand under their group's name, as in `rest.learningRate`; sums over parameters, such as a global norm, run over the
 * group. Throws, with the names, when a group matches no parameter or a parameter has no group.
 */
export function partition<const G extends Groups>(groups: G): Rule<Partitioned<G>> {
  const parts = Object.entries(groups).map(([group, entry]): Part => {
    const [pattern, rule] = Array.isArray(entry) ? entry : [group, entry];
    return { group, pattern, rule };
  });
  const name = `partition(${parts.map(({ group, rule }) => `${group}: ${rule.name}`).join(", ")})`;
  const view = parts.some(({ rule }) => rule.view);
  const partOf = (parameter: ParameterInfo): Part =>
    findPart(parts, parameter) ?? noGroup(name, parameter, groups);
  const infoOf = (context: { readonly name: string; readonly parameter: Tensor }): ParameterInfo => ({
    name: context.name,
    shape: context.parameter.shape,
  });
  const merged: Rule<any> = {
    "~optimizer": 1,
    kind: "rule",
    name,
    paper: [...new Set(parts.map(({ rule }) => rule.paper))].filter(Boolean).join("; "),
    ...mergeHyper(
      name,
      parts.map(({ group, rule }) => ({
        name: group,
        hyper: under<Hyper>(group, rule.hyper as Hypers),
        settings: under<Setting>(group, rule.settings as Readonly<Record<string, Setting>>),
      })),
    ),
    options: Object.assign({}, ...parts.map(({ group, rule }) => under(group, rule.options))),
    check(parameters) {
      const members = new Map(parts.map((part): [Part, ParameterInfo[]] => [part, []]));
      for (const parameter of parameters) members.get(partOf(parameter))!.push(parameter);
      for (const [{ group, rule }, own] of members) {
        if (own.length === 0 && group !== "rest") noMember(name, group, parameters);
        if (own.length > 0) rule.check?.(own);
      }
    },
    slots(parameter) {
      const { group, rule } = partOf(parameter);
      const slots = Object.entries(rule.slots(parameter)).map(([key, slot]): [string, Slots[string]] => [
        key,
        {
          ...slot,
          init: (context) => slot.init({ ...context, hyper: within(group, rule.hyper, context.hyper) }),
        },
      ]);
      return under(group, Object.fromEntries(slots));
    },
    update(context, hyper) {
      const info = infoOf(context);
      const { group, rule } = partOf(info);
      const state = within(group, rule.slots(info), context.state);
      const made = rule.update({ ...context, state }, within(group, rule.hyper, hyper));
      const outside = [context.gradient, context.parameter, context.value, context.t];
      const next = sumWithinGroup(group, outside, { ...made.state, ...made.change });
      const change = select(made.change, (key) => next[key]!) as unknown as typeof made.change;
      return {
        change,
        state: under(
          group,
          select(made.state, (key) => next[key]!),
        ),
      };
    },
    ...(view && {
      view: (context: Parameters<NonNullable<Rule["view"]>>[0], hyper: State) => {
        const info = infoOf(context);
        const { group, rule } = partOf(info);
        if (!rule.view) return context.parameter;
        const state = within(group, rule.slots(info), context.state);
        return rule.view({ ...context, state }, within(group, rule.hyper, hyper));
      },
    }),
  };
  return merged;
}

function findPart(parts: readonly Part[], parameter: ParameterInfo): Part | undefined {
  return (
    parts.find(({ pattern }) => pattern === parameter.name) ??
    parts.find(({ group, pattern }) => group !== "rest" && matches(pattern, parameter)) ??
    parts.find(({ group }) => group === "rest")
  );
}

function noGroup(name: string, parameter: ParameterInfo, groups: Groups): never {
  throw new Error(
    `${name}: parameter "${parameter.name}" is in none of the groups ${Object.keys(groups).join(", ")}. ` +
      "A group named rest takes all others.",
  );
}

function noMember(name: string, group: string, parameters: readonly ParameterInfo[]): never {
  const names = parameters.map((parameter) => parameter.name);
  throw new Error(
    `${name}: group "${group}" has no parameter: nothing matches it, or earlier groups have all that does.` +
      `${didYouMean(group, names)} The parameters are ${names.join(", ")}.`,
  );
}

const under = <T>(group: string, record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [`${group}.${key}`, value]));

/** The group's own entries of a record, under their own names. */
const within = (group: string, own: object, record: State): State =>
  select(own, (key) => record[`${group}.${key}`]!);

const select = (own: object, find: (key: string) => Tensor): State =>
  Object.fromEntries(Object.keys(own).map((key) => [key, find(key)]));
