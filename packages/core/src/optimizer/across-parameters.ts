import { ShapeError } from "../expr/shape.js";
import { apply, type Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "../program/graph.js";
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
  return apply("acrossParameters", [part]);
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
      rebuilt.set(node, apply(node.op, inputs, { group: inner === undefined ? group : `${group}.${inner}` }));
    } else {
      const same = inputs.every((input, i) => input === node.inputs[i]);
      rebuilt.set(node, same ? node : apply(node.op, inputs, node.attributes));
    }
  }
  return Object.fromEntries(Object.entries(results).map(([key, node]) => [key, rebuilt.get(node)!]));
}

/**
 * Puts sums over all parameters in place of each parameter's part. The k-th sum of a group in every update belongs
 * together, for all these updates come from one function; a parameter that is left out of it has none.
 */
export function resolveAcross(updates: readonly State[]): State[] {
  const sums = updates.map((update) =>
    topologicalOrder(Object.values(update)).filter((node) => node.op === "acrossParameters"),
  );
  const groupOf = (node: Tensor) => String(node.attributes.group ?? "");
  const places = new Map<Tensor, string>();
  const parts = new Map<string, Tensor[]>();
  for (const group of new Set(sums.flat().map(groupOf))) {
    const members = sums.map((nodes) => nodes.filter((node) => groupOf(node) === group));
    const counts = new Set(members.map((nodes) => nodes.length).filter((length) => length > 0));
    if (counts.size > 1) {
      throw new Error(
        "sumOverParameters: every parameter's update must use it equally often; " +
          `the parameters of this run use it ${members.map((nodes) => nodes.length).join(", ")} times.`,
      );
    }
    for (const nodes of members) {
      nodes.forEach((node, k) => {
        const place = `${k} of ${group}`;
        places.set(node, place);
        parts.set(place, [...(parts.get(place) ?? []), node.inputs[0]!]);
      });
    }
  }
  const totals = new Map<string, Tensor>();
  const rebuilt = new Map<Tensor, Tensor>();
  const total = (place: string): Tensor => {
    if (!totals.has(place)) {
      totals.set(
        place,
        parts
          .get(place)!
          .map(rebuild)
          .reduce((sum, part) => sum.add(part)),
      );
    }
    return totals.get(place)!;
  };
  function rebuild(root: Tensor): Tensor {
    for (const node of topologicalOrder([root], rebuilt)) {
      if (rebuilt.has(node)) continue;
      const place = places.get(node);
      const inputs = place === undefined ? node.inputs.map((input) => rebuilt.get(input)!) : [];
      const same = inputs.every((input, i) => input === node.inputs[i]);
      rebuilt.set(
        node,
        place !== undefined ? total(place) : same ? node : apply(node.op, inputs, node.attributes),
      );
    }
    return rebuilt.get(root)!;
  }
  if (places.size === 0) return [...updates];
  return updates.map((update) =>
    Object.fromEntries(Object.entries(update).map(([key, node]) => [key, rebuild(node)])),
  );
}
