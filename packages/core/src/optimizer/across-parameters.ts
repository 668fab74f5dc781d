import { ShapeError } from "../expr/shape.js";
import { apply, type Tensor, withInputs } from "../expr/tensor.js";
import { joining } from "../operators/joining.js";
import { topologicalOrder } from "../program/graph.js";
import { mapValues } from "../record/map-values.js";
import type { State } from "./optimizer.js";

/**
 * A scalar summed over all parameters of the optimizer: in an update that sees one parameter, the sum of that
 * scalar over every parameter's update. `sumOverParameters(g.square().sum()).sqrt()` is the global norm.
 */
export function sumOverParameters(part: Tensor): Tensor {
  if (part.shape.length > 0) {
    throw new ShapeError(
      `sumOverParameters: expected a scalar, got shape [${part.shape.join(", ")}]. Reduce it first, as with sum().`,
    );
  }
  return apply("acrossParameters", [part], {}, joining.acrossParameters);
}

/**
 * Confines the sums over parameters in `results` to the parameters of one group, those whose updates have such sums
 * under the same name. What `outside` computes, such as a gradient that was clipped before, keeps its own sums.
 */
export function sumWithinGroup(group: string, outside: readonly Tensor[], results: State): State {
  const rebuilt = new Map(topologicalOrder(outside).map((node) => [node, node]));
  for (const node of topologicalOrder(Object.values(results), rebuilt)) {
    const inputs = node.inputs.map((input) => rebuilt.get(input)!);
    if (node.op === "acrossParameters") {
      const inner = node.attributes.group;
      const groups = { group: inner === undefined ? group : `${group}.${inner}` };
      rebuilt.set(node, apply(node.op, inputs, groups, node.row));
    } else rebuilt.set(node, withInputs(node, inputs));
  }
  return mapValues(results, (node) => rebuilt.get(node)!);
}
