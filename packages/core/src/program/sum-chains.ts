import type { Tensor } from "../expr/tensor.js";

/** A scalar that is a sum over several tensors, such as a global norm's square. */
export interface SumChain {
  /** Tensors that are summed over all of their elements. */
  readonly sums: readonly Tensor[];
  /** Scalars added to that. */
  readonly rest: readonly Tensor[];
  /** The sums and additions in between, which nothing else uses. */
  readonly inside: readonly Tensor[];
}

/**
 * Sums that are added up, found so that they become one reduction, whose parts share a kernel where they lie side by
 * side. A single number that is made like the tensors beside it (the square of a bias among squares of weights) is one
 * of their elements.
 */
export function sumChains(
  order: readonly Tensor[],
  roots: readonly Tensor[],
  placed: ReadonlySet<Tensor>,
): ReadonlyMap<Tensor, SumChain> {
  const uses = new Map<Tensor, number>();
  for (const tensor of [...order.flatMap(({ inputs }) => inputs), ...roots]) {
    uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  }
  const recipes = recipesOf(order, placed);
  const chains = new Map<Tensor, SumChain>();
  const seen = new Set<Tensor>();
  for (const tensor of [...order].reverse()) {
    if (tensor.op !== "add" || tensor.shape.length > 0 || seen.has(tensor)) continue;
    const [sums, others, between]: Tensor[][] = [[], [], []];
    const open = [...tensor.inputs].reverse();
    for (let term = open.pop(); term; term = open.pop()) {
      const own = uses.get(term) === 1;
      if (own && (term.op === "add" || term.op === "sum")) between!.push(term);
      if (own && term.op === "add") open.push(...[...term.inputs].reverse());
      else if (own && term.op === "sum") sums!.push(term.inputs[0]!);
      else others!.push(term);
    }
    for (const term of between!) seen.add(term);
    const known = new Set(sums!.map((sum) => recipes.get(sum)));
    const alike = others!.filter((term) => known.has(recipes.get(term)));
    if (sums!.length === 0 || sums!.length + alike.length < 2) continue;
    const rest = others!.filter((term) => !alike.includes(term));
    chains.set(tensor, { sums: [...sums!, ...alike], rest, inside: between! });
  }
  return chains;
}

/** How each value is made of arenas and placed values, whatever the shapes: equal numbers for equal ways. */
function recipesOf(order: readonly Tensor[], placed: ReadonlySet<Tensor>): ReadonlyMap<Tensor, number> {
  const recipes = new Map<Tensor, number>();
  const numbers = new Map<string, number>();
  for (const tensor of order) {
    const [x] = tensor.inputs;
    const seen = tensor.op === "reshape" || tensor.op === "broadcastTo" ? recipes.get(x!) : undefined;
    const made = `${tensor.op} ${tensor.attributes.arena ?? ""} ${tensor.inputs.map((input) => recipes.get(input))}`;
    const key = placed.has(tensor) ? "placed" : made;
    const number = (placed.has(tensor) ? undefined : seen) ?? numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    recipes.set(tensor, number);
  }
  return recipes;
}
