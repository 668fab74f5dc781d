import type { ParameterInfo, Rule } from "@downhill/core";
import { checkMatches, formatPattern, matches, type Pattern } from "./pattern.js";

/**
 * Leaves the parameters that match out of all updates: `freeze(adam(), "embed.*")`. They stay as they are, have no
 * state, and take no part in sums over parameters inside the rule, such as a global norm. To freeze and thaw while
 * running use the stepper's `freeze` and `thaw`. A pattern that matches nothing is an error.
 */
export function freeze<H>(rule: Rule<H>, pattern: Pattern): Rule<H> {
  const name = `freeze(${rule.name}, ${formatPattern(pattern)})`;
  const frozen = (parameter: ParameterInfo) => matches(pattern, parameter);
  const { view } = rule;
  return {
    ...rule,
    name,
    check(parameters) {
      checkMatches(name, pattern, parameters);
      rule.check?.(parameters.filter((parameter) => !frozen(parameter)));
    },
    slots: (parameter) => (frozen(parameter) ? {} : rule.slots(parameter)),
    update(context, hyper) {
      const { name, parameter } = context;
      if (!frozen({ name, shape: parameter.shape })) return rule.update(context, hyper);
      return { change: { parameter }, state: {} };
    },
    ...(view && {
      view: (context: Parameters<typeof view>[0], hyper: Parameters<typeof view>[1]) => {
        const { name, parameter } = context;
        return frozen({ name, shape: parameter.shape }) ? parameter : view(context, hyper);
      },
    }),
  };
}
