import type { Tensor } from "@downhill/core";
import { operators } from "@downhill/core/engine";
import type { Graph } from "./graph.js";

/** Computes, in float64, the scalars that the host knows. */
export function hostEvaluator(
  { order, onHost }: Graph,
  hostScalars: readonly string[],
): (given: Float64Array) => (node: Tensor) => number {
  const nodes = order.filter((node) => onHost.has(node));
  return (given) => {
    const values = new Map<Tensor, number>();
    for (const node of nodes) {
      const { op, attributes, inputs } = node;
      if (op === "constant") values.set(node, attributes.value as number);
      else if (op === "hostScalar") {
        values.set(node, given[hostScalars.indexOf(attributes.name as string)]!);
      } else values.set(node, operators[op].scalar!(...inputs.map((input) => values.get(input)!)));
    }
    return (node) => values.get(node)!;
  };
}
