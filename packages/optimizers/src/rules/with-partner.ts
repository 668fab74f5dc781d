import { type Hypers, type ParameterInfo, type Rule, renameHyper, type Tensor } from "@downhill/core";

/** A rule's hyper-parameters and its partner's, those under longer names: `partner.learningRate`. */
export type WithPartner<H, P> = H & { readonly [K in keyof P & string as `partner.${K}`]: P[K] };

/** A rule for the parameters that it fits, and a partner for the others, as one rule. */
export function withPartner<H, P>(
  rule: Rule<H>,
  partner: Rule<P>,
  fits: (parameter: ParameterInfo) => boolean,
): Rule<WithPartner<H, P>> {
  const names = Object.fromEntries(Object.keys(partner.hyper).map((key) => [key, `partner.${key}`]));
  const other: Rule<any> = renameHyper(partner as Rule<Hypers>, names);
  const ruleFor = (parameter: ParameterInfo) => (fits(parameter) ? rule : other);
  const infoOf = ({
    name,
    parameter,
  }: {
    readonly name: string;
    readonly parameter: Tensor;
  }): ParameterInfo => ({
    name,
    shape: parameter.shape,
  });
  const merged: Rule<any> = {
    ...(rule as Rule<any>),
    name: `${rule.name}(partner ${partner.name})`,
    hyper: { ...rule.hyper, ...other.hyper },
    settings: { ...rule.settings, ...other.settings },
    slots: (parameter) => ruleFor(parameter).slots(parameter),
    update: (context, hyper) => ruleFor(infoOf(context)).update(context, hyper),
    ...(other.view && {
      view: (context, hyper) => ruleFor(infoOf(context)).view?.(context, hyper) ?? context.parameter,
    }),
  };
  return merged;
}
