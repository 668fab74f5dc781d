import type { Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "../program/graph.js";

/** What it takes to keep scalars on the host. Scalar states bring it: rules without one need not load it. */
export interface HostArithmetic {
  /** Whether a scalar depends on constants and host scalars alone. */
  isOnHost(node: Tensor): boolean;
  /**
   * Computes such scalars from the host scalars, which come in the order of `names`. What is returned is valid until
   * the next call.
   */
  evaluator(nodes: readonly Tensor[], names: readonly string[]): (scalars: Float64Array) => Float64Array;
}

export const hostArithmetic: HostArithmetic = {
  isOnHost: (node) =>
    topologicalOrder([node]).every(
      ({ op, row }) => op === "constant" || op === "hostScalar" || row.scalar !== undefined,
    ),
  // Nodes are put in order once, so that a step costs little.
  evaluator(nodes, names) {
    const order = topologicalOrder(nodes);
    const placeOf = (node: Tensor) => order.indexOf(node);
    const values = new Float64Array(order.length);
    const steps = order.map(({ op, inputs, attributes, row }): ((scalars: Float64Array) => number) => {
      if (op === "constant") return () => attributes.value as number;
      if (op === "hostScalar") {
        const at = names.indexOf(attributes.name as string);
        return (scalars) => scalars[at]!;
      }
      const from = inputs.map(placeOf);
      const compute = row.scalar as (...x: unknown[]) => number;
      return () => compute(...from.map((at) => values[at]!), attributes);
    });
    const sources = nodes.map(placeOf);
    const results = new Float64Array(nodes.length);
    return (scalars) => {
      for (let i = 0; i < steps.length; i++) values[i] = steps[i]!(scalars);
      for (let i = 0; i < results.length; i++) results[i] = values[sources[i]!]!;
      return results;
    };
  },
};
