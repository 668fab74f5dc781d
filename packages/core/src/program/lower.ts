import { expand } from "./expand.js";
import type { Program, Write } from "./program.js";
import { simplifier } from "./simplify.js";

/** A program made of primitives. */
export interface Lowered {
  readonly writes: readonly Write[];
  readonly placements: readonly Write[];
}

/** The same program made of primitives, simplified, each distinct expression once. */
export function lower({ writes, placements = [] }: Program): Lowered {
  const simplify = simplifier();
  const primitives = expand(
    writes.map(({ value }) => value),
    (node, inputs) => simplify(node.op, inputs, node.attributes),
  );
  // A value that nothing needs is not computed for its place's sake.
  const lowered = (write: Write) => {
    const value = primitives.get(write.value);
    return value ? [{ ...write, value }] : [];
  };
  return { writes: writes.flatMap(lowered), placements: placements.flatMap(lowered) };
}
