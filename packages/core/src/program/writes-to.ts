import type { Tensor } from "../expr/tensor.js";
import type { Write } from "./program.js";

/** Writes of tensors to the slots of an arena that have their names. */
export function writesTo(arena: string, tensors: Readonly<Record<string, Tensor>>): Write[] {
  return Object.entries(tensors).map(([name, value]) => ({ arena, name, value }));
}
