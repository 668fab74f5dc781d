import { constant, defineWrapper, type Rule } from "@downhill/core";
import { checkMatches, formatPattern, matches, type Pattern } from "./pattern.js";

const isVector: Pattern = ({ shape }) => shape.length < 2;

/** Weight decay by name, also inside groups: `weightDecay`, `rest.weightDecay`, coupledDecay's `l2`. */
const isDecay = (hyper: string) => /(^|\.)(weightDecay|l2)$/.test(hyper);

/**
 * No weight decay, coupled or decoupled, for biases and the scales of normalizations: for every parameter that is a
 * vector or a scalar, or for those that match a pattern: `noDecay(adamw())`. The rule sees a weight decay of 0 for them.
 * A pattern that matches nothing is an error.
 */
export function noDecay<H>(rule: Rule<H>, pattern: Pattern = isVector): Rule<H> {
  const decays = Object.keys(rule.hyper).filter(isDecay);
  if (decays.length === 0) {
    throw new Error(
      `noDecay: ${rule.name} has no weight decay; its hyper-parameters are ${Object.keys(rule.hyper).join(", ")}.`,
    );
  }
  const none = Object.fromEntries(decays.map((key) => [key, constant(0)]));
  const wrapped = defineWrapper({
    name: "no-decay",
    update({ name, parameter: { shape }, inner, hyper }) {
      return inner(matches(pattern, { name, shape }) ? { hyper: { ...hyper, ...none } } : {});
    },
  })(rule as Rule<any>) as Rule<H>;
  if (pattern === isVector) return wrapped;
  return {
    ...wrapped,
    name: `no-decay(${rule.name}, ${formatPattern(pattern)})`,
    check(parameters) {
      checkMatches("noDecay", pattern, parameters);
      rule.check?.(parameters);
    },
  };
}
