import { mergeHyper } from "./compose.js";
import { checkNames } from "./hyper.js";
import type { Hypers, Rule, State } from "./optimizer.js";
import type { Setting } from "./schedule.js";

/** Hyper-parameters with some under new names. */
export type Renamed<H, N> = { readonly [K in keyof H as K extends keyof N ? N[K] & string : K]: H[K] };

/**
 * The same rule with some hyper-parameters under new names, for rules that shall stand together and have a name in
 * common: `lookahead(renameHyper(rmsprop(), { alpha: "smoothing" }))`.
 */
export function renameHyper<H, const N extends { readonly [K in keyof H]?: string }>(
  rule: Rule<H>,
  names: N,
): Rule<Renamed<H, N>> {
  const renamed = names as Readonly<Record<string, string>>;
  checkNames(`renameHyper: ${rule.name}`, "hyper-parameter", Object.keys(renamed), Object.keys(rule.hyper));
  const newName = (key: string) => renamed[key] ?? key;
  const keys = Object.keys(rule.hyper);
  const restore = (hyper: State): State => Object.fromEntries(keys.map((key) => [key, hyper[newName(key)]!]));
  // One part for each hyper-parameter, so that two that get one name are found out.
  const parts = keys.map((key) => ({
    name: key,
    hyper: { [newName(key)]: (rule.hyper as Hypers)[key]! },
    settings: { [newName(key)]: (rule.settings as Readonly<Record<string, Setting>>)[key]! },
  }));
  const { view } = rule;
  return {
    ...(rule as Rule<any>),
    ...mergeHyper(`renameHyper(${rule.name})`, parts),
    slots: (parameter) =>
      Object.fromEntries(
        Object.entries(rule.slots(parameter)).map(([key, slot]) => [
          key,
          { ...slot, init: (context) => slot.init({ ...context, hyper: restore(context.hyper) }) },
        ]),
      ),
    update: (context, hyper) => rule.update(context, restore(hyper)),
    ...(view && {
      view: (context: Parameters<typeof view>[0], hyper: State) => view(context, restore(hyper)),
    }),
  } as Rule<Renamed<H, N>>;
}
