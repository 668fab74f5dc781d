import { leaf, type Rule, type Shape, type Tensor } from "@downhill/core";

/** One update of one parameter as a rule writes it, with stand-ins for all that it reads. */
export function traceRule(
  rule: Rule<any>,
  shape: Shape,
): ReturnType<Rule["update"]> & { readonly before: State } {
  const scalar = (name: string) => leaf("host", name, []);
  const hyper = Object.fromEntries(Object.keys(rule.hyper).map((name) => [name, scalar(name)]));
  const parameter = leaf("parameter", "p", shape);
  const before = Object.fromEntries(
    Object.entries(rule.slots({ name: "p", shape })).map(([name, slot]) => [
      name,
      leaf("state", name, slot.init({ parameter, hyper }).shape),
    ]),
  );
  const context = { name: "p", parameter, gradient: leaf("gradient", "p", shape), state: before };
  const host = { t: scalar("t"), value: scalar("value"), key: scalar("key") };
  return { ...rule.update({ ...context, ...host }, hyper), before };
}

type State = Readonly<Record<string, Tensor>>;

/** Names of the operators that a rule's update of a matrix is made of. */
export function operatorsOf(rule: Rule<any>): ReadonlySet<string> {
  const { change, state } = traceRule(rule, [2, 3]);
  const found = new Set<Tensor>();
  const visit = (node: Tensor) => {
    if (found.has(node)) return;
    found.add(node);
    node.inputs.forEach(visit);
  };
  [...Object.values(change), ...Object.values(state)].forEach(visit);
  return new Set([...found].map((node) => node.op));
}

export const reductions: readonly string[] = ["sum", "mean", "max", "min", "norm", "dot", "acrossParameters"];

/** Whether an update treats each element by itself. */
export function isElementwise(rule: Rule<any>): boolean {
  const operators = operatorsOf(rule);
  return ![...reductions, "matmul"].some((name) => operators.has(name));
}
