import { applyHyper, mergeHyper, prefixed, prefixKeys } from "./compose.js";
import type { Hypers, Rule, Slots, State, Transform } from "./optimizer.js";

type Merge<T extends readonly unknown[]> = T extends readonly [infer A, ...infer R]
  ? (A extends Transform<infer H> ? H : A extends Rule<infer H> ? H : {}) & Merge<R>
  : {};

/**
 * Transforms in order, then a rule, as one rule and one program: `chain(clipByGlobalNorm(1), adamw())`.
 * Two parts with a hyper-parameter of the same name are an error.
 */
export function chain<const T extends readonly [...Transform<any>[], Rule<any>]>(
  ...parts: T
): Rule<Merge<T>> {
  const rule = parts.at(-1) as Rule<Hypers>;
  const transforms = parts.slice(0, -1) as unknown as readonly Transform<Hypers>[];
  const name = `chain(${parts.map((part) => part.name).join(", ")})`;
  const { hyper, settings } = mergeHyper(
    name,
    parts as unknown as readonly (Transform<Hypers> | Rule<Hypers>)[],
  );
  return {
    ...rule,
    name,
    hyper,
    settings,
    options: Object.assign(
      {},
      rule.options,
      ...transforms.map((transform, i) => prefixKeys(`${i}.${transform.name}`, transform.options)),
    ),
    slots(parameter) {
      const slots: Record<string, Slots[string]> = { ...rule.slots(parameter) };
      transforms.forEach((transform, i) => {
        for (const [key, slot] of Object.entries(transform.slots(parameter))) {
          slots[prefixed(transform.name, i, key)] = slot;
        }
      });
      return slots;
    },
    update(context, hypers) {
      const next: Record<string, State[string]> = {};
      let { gradient } = context;
      transforms.forEach((transform, i) => {
        const keys = Object.keys(transform.slots({ name: context.name, shape: context.parameter.shape }));
        const state = Object.fromEntries(
          keys.map((key) => [key, context.state[prefixed(transform.name, i, key)]!]),
        );
        const result = transform.update({ ...context, gradient, state }, applyHyper(transform, hypers));
        gradient = result.gradient;
        for (const key of keys) next[prefixed(transform.name, i, key)] = result.state[key]!;
      });
      const keys = Object.keys(rule.slots({ name: context.name, shape: context.parameter.shape }));
      const state = Object.fromEntries(keys.map((key) => [key, context.state[key]!]));
      const result = rule.update({ ...context, gradient, state }, applyHyper(rule, hypers));
      return { change: result.change, state: { ...result.state, ...next } };
    },
  } as Rule<Merge<T>>;
}
