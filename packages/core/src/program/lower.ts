import { apply, type Tensor } from "../expr/tensor.js";
import { operators } from "../operators/index.js";
import { topologicalOrder } from "./graph.js";
import type { Program, Write } from "./program.js";
import { simplifier } from "./simplify.js";

/** The same program made of primitives, each distinct expression once. */
export interface Lowered {
  readonly writes: readonly Write[];
  readonly placements: readonly Write[];
}

export function lower(program: Program): Lowered {
  const simplify = simplifier();
  const done = new Map<Tensor, Tensor>();
  const visit = (roots: readonly Tensor[]): void => {
    for (const node of topologicalOrder(roots, done)) {
      const inputs = node.inputs.map((input) => done.get(input)!);
      const { lower: expand } = operators[node.op];
      let result: Tensor;
      if (expand) {
        for (const input of inputs) done.set(input, input);
        const expanded = expand(inputs, node.attributes, apply);
        visit([expanded]);
        result = done.get(expanded)!;
      } else {
        result = simplify(node.op, inputs, node.attributes);
      }
      done.set(node, result);
    }
  };
  visit(program.writes.map((write) => write.value));
  return {
    writes: program.writes.map((write) => ({ ...write, value: done.get(write.value)! })),
    // A value that nothing needs is not computed for its place's sake.
    placements: (program.placements ?? []).flatMap((write) => {
      const value = done.get(write.value);
      return value ? [{ ...write, value }] : [];
    }),
  };
}
