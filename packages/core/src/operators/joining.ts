import { type Tensor, withInputs } from "../expr/tensor.js";
import { topologicalOrder } from "../program/graph.js";
import { mapValues } from "../record/map-values.js";
import type { Operator } from "./operator.js";

type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Puts sums over all parameters in place of each parameter's part. The k-th sum of a group in every update belongs
 * together, for all these updates come from one function; a parameter that is left out of it has none.
 */
function joinSums(updates: readonly Tensors[]): Tensors[] {
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
      rebuilt.set(node, place === undefined ? withInputs(node, inputs) : total(place));
    }
    return rebuilt.get(root)!;
  }
  return updates.map((update) => mapValues(update, rebuild));
}

export const joining = {
  /**
   * A scalar summed over all parameters of an optimizer: each parameter's trace holds its own part, and the sum
   * is put in place when all are traced. It never reaches an engine.
   */
  acrossParameters: {
    shape: () => [],
    value: () => {
      throw new Error("acrossParameters has a value only inside an optimizer's update.");
    },
    derivative: () => [undefined],
    join: joinSums,
  } satisfies Operator,
};
