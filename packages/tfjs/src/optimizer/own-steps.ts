import type { Hyper, Rule, State, Tensor } from "@downhill/core";

/** The hyper-parameter that says how many steps a variable was left out of. */
export const missedBy = (variable: string): string => `missed.${variable}`;

const missed: Hyper = { default: 0, min: 0, about: "Steps that the variable was left out of." };

/**
 * The rule with the variables' own t, which counts without the steps they had no gradient in: it becomes a host scalar
 * of those that missed some, so that leaving a variable out and taking it up again compiles nothing anew.
 */
export function withOwnSteps(
  rule: Rule<any>,
  variables: readonly string[],
  isLate: (variable: string) => boolean,
): Rule<any> {
  const names = variables.map(missedBy);
  const ownStep = (variable: string, t: Tensor, hyper: State) => t.sub(hyper[missedBy(variable)]!);
  const { view } = rule;
  return {
    ...rule,
    hyper: { ...rule.hyper, ...Object.fromEntries(names.map((name) => [name, missed])) },
    settings: { ...rule.settings, ...Object.fromEntries(names.map((name) => [name, 0])) },
    update: (context, hyper) =>
      rule.update(
        isLate(context.name) ? { ...context, t: ownStep(context.name, context.t, hyper) } : context,
        hyper,
      ),
    ...(view && {
      view: (context: Parameters<typeof view>[0], hyper: State) =>
        view({ ...context, t: ownStep(context.name, context.t, hyper) }, hyper),
    }),
  };
}
