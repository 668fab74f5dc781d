import type { Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "../program/graph.js";

/** Whether a scalar depends on constants and host scalars alone. */
export function isOnHost(node: Tensor): boolean {
  return topologicalOrder([node]).every(
    (part) => part.op === "constant" || part.op === "hostScalar" || part.row.scalar !== undefined,
  );
}

/**
 * Computes such scalars from the host scalars, which come in the order of `names`. What is returned is valid until the
 * next call. Nodes are put in order once, so that a step costs little.
 */
export function hostEvaluator(
  nodes: readonly Tensor[],
  names: readonly string[],
): (scalars: Float64Array) => Float64Array {
  const order = topologicalOrder(nodes);
  const places = new Map(order.map((node, i) => [node, i]));
  const values = new Float64Array(order.length);
  const steps = order.map(({ op, inputs, attributes, row }): ((scalars: Float64Array) => number) => {
    if (op === "constant") return () => attributes.value as number;
    if (op === "hostScalar") {
      const at = names.indexOf(attributes.name as string);
      return (scalars) => scalars[at]!;
    }
    const from = inputs.map((input) => places.get(input)!);
    const compute = row.scalar as (...x: unknown[]) => number;
    return () => compute(...from.map((at) => values[at]!), attributes);
  });
  const sources = nodes.map((node) => places.get(node)!);
  const results = new Float64Array(nodes.length);
  return (scalars) => {
    for (let i = 0; i < steps.length; i++) values[i] = steps[i]!(scalars);
    for (let i = 0; i < results.length; i++) results[i] = values[sources[i]!]!;
    return results;
  };
}
