import type { Hypers, ParameterInfo, Rule, Slots, Tensor } from "@downhill/core";

/** A rule's hyper-parameters and its partner's, those under longer names: `partner.learningRate`. */
export type WithPartner<H, P> = H & { readonly [K in keyof P & string as `partner.${K}`]: P[K] };

const prefix = "partner.";
const add = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [prefix + key, value]));
const remove = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );

/** A rule for the parameters that it fits, and a partner for the others, as one rule. */
export function withPartner<H, P>(
  rule: Rule<H>,
  partner: Rule<P>,
  fits: (parameter: ParameterInfo) => boolean,
): Rule<WithPartner<H, P>> {
  const infoOf = ({ name, parameter }: { readonly name: string; readonly parameter: Tensor }): ParameterInfo => ({
    name,
    shape: parameter.shape,
  });
  const { view } = partner;
  const merged: Rule<Hypers> = {
    ...(rule as unknown as Rule<Hypers>),
    name: `${rule.name}(partner ${partner.name})`,
    hyper: { ...(rule.hyper as Hypers), ...add(partner.hyper as Hypers) },
    settings: { ...rule.settings, ...add(partner.settings) },
    slots(parameter) {
      if (fits(parameter)) return rule.slots(parameter);
      const slots = Object.entries(partner.slots(parameter)).map(([key, slot]): [string, Slots[string]] => [
        key,
        { ...slot, init: (context) => slot.init({ ...context, hyper: remove(context.hyper) }) },
      ]);
      return add(Object.fromEntries(slots));
    },
    update(context, hyper) {
      if (fits(infoOf(context))) return rule.update(context, hyper);
      const { change, state } = partner.update({ ...context, state: remove(context.state) }, remove(hyper));
      return { change, state: add(state) };
    },
    ...(view && {
      view: (context, hyper) =>
        fits(infoOf(context))
          ? context.parameter
          : view({ ...context, state: remove(context.state) }, remove(hyper)),
    }),
  };
  return merged as unknown as Rule<WithPartner<H, P>>;
}
