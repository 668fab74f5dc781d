import type { Tensor } from "../expr/tensor.js";

/**
 * All nodes that `roots` depend on, inputs before users; what `known` has is left out, with what it alone depends on.
 * Without recursion: graphs can be deep.
 */
export function topologicalOrder(
  roots: readonly Tensor[],
  known: { has(node: Tensor): boolean } = new Set(),
): Tensor[] {
  const done = new Set<Tensor>();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const before = stack.length;
    if (!known.has(node)) {
      for (const input of [...node.inputs].reverse())
        if (!done.has(input) && !known.has(input)) stack.push(input);
      if (stack.length === before) done.add(node);
    }
    if (stack.length === before) stack.pop();
  }
  return [...done];
}
