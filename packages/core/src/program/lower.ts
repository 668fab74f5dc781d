import { type Expanded, expand } from "./expand.js";
import type { Program } from "./program.js";
import { simplifier } from "./simplify.js";

/** The same program made of primitives, simplified, each distinct expression once. */
export function lower(program: Program): Expanded {
  const build = simplifier();
  return expand(program, (node, inputs) => build(node.op, inputs, node.attributes));
}
