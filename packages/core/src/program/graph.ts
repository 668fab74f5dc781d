import type { Tensor } from "../expr/tensor.js";

/**
 * All nodes that `roots` depend on, inputs before users; what `known` has is left out, with what it alone depends on.
 * Without recursion: graphs can be deep.
 */
export function topologicalOrder(
  roots: readonly Tensor[],
  known: { has(node: Tensor): boolean } = new Set(),
): Tensor[] {
  const order: Tensor[] = [];
  const state = new Map<Tensor, "open" | "done">();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const seen = state.get(node);
    if (seen === undefined && !known.has(node)) {
      state.set(node, "open");
      for (let i = node.inputs.length - 1; i >= 0; i--) {
        if (!state.has(node.inputs[i]!)) stack.push(node.inputs[i]!);
      }
    } else {
      stack.pop();
      if (seen === "open") {
        state.set(node, "done");
        order.push(node);
      }
    }
  }
  return order;
}
