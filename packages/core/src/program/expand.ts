import { apply, type Tensor } from "../expr/tensor.js";
import { topologicalOrder } from "./graph.js";
import type { Program, Write } from "./program.js";

/** A program made of primitives. */
export interface Expanded {
  readonly writes: readonly Write[];
  readonly placements: readonly Write[];
}

/** The same program made of primitives, each built by `build` of the node it was and its new inputs. */
export function expand(
  program: Program,
  build: (node: Tensor, inputs: readonly Tensor[]) => Tensor,
): Expanded {
  const done = new Map<Tensor, Tensor>();
  const visit = (roots: readonly Tensor[]): void => {
    for (const node of topologicalOrder(roots, done)) {
      const inputs = node.inputs.map((input) => done.get(input)!);
      const { lower } = node.row;
      let result: Tensor;
      if (lower) {
        for (const input of inputs) done.set(input, input);
        const lowered = lower(inputs, node.attributes, apply);
        visit([lowered]);
        result = done.get(lowered)!;
      } else {
        result = build(node, inputs);
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
