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
    const open = known.has(node) ? [] : node.inputs.filter((input) => !done.has(input) && !known.has(input));
    if (open.length > 0) stack.push(...open.reverse());
    else if (!known.has(stack.pop()!)) done.add(node);
  }
  return [...done];
}
