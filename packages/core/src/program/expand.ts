import { apply, type Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "./graph.js";

/**
 * What stands for each of the nodes that `roots` depend on in the same graphs made of primitives. `build` makes a
 * primitive of the node that it was and its new inputs.
 */
export function expand(
  roots: readonly Tensor[],
  build: (node: Tensor, inputs: readonly Tensor[]) => Tensor,
): ReadonlyMap<Tensor, Tensor> {
  const done = new Map<Tensor, Tensor>();
  const visit = (nodes: readonly Tensor[]): void => {
    for (const node of topologicalOrder(nodes, done)) {
      const inputs = node.inputs.map((input) => done.get(input)!);
      const lowered = node.row.lower?.(inputs, node.attributes, apply);
      if (lowered) {
        for (const input of inputs) done.set(input, input);
        visit([lowered]);
      }
      done.set(node, lowered ? done.get(lowered)! : build(node, inputs));
    }
  };
  visit(roots);
  return done;
}
