import { type Expanded, expand } from "./expand.js";
import type { Program } from "./program.js";
import { simplifier } from "./simplify.js";

/** The same program made of primitives, simplified, each distinct expression once. */
export function lower(program: Program): Expanded {
  return expand(program, simplifier());
}
