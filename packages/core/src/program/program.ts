import type { Shape } from "../expr/shape.js";
import type { Tensor } from "../expr/tensor.js";

export type DType = "float32" | "float64";
export type Floats = Float32Array | Float64Array;

/**
 * What an engine's memory holds: arenas, each a contiguous row of named slots in the order given, without gaps.
 * Parameters are one arena, their gradients another, each state of an optimizer another, all in the same order,
 * so that one kernel can run over many tensors.
 */
export type Layout = Readonly<Record<string, Readonly<Record<string, Shape>>>>;

/** A slot gets a new value. */
export interface Write {
  readonly arena: string;
  readonly name: string;
  readonly value: Tensor;
}

/**
 * What one run computes. Leaves read slots as they were before the run; all writes happen as if at once after it
 * (static single assignment: old and new are different nodes). A leaf may be shorter than its slot and then reads
 * the slot's beginning, so that a ragged last batch shares the memory of a full one.
 */
export interface Program {
  readonly writes: readonly Write[];
  /** Names of the host scalars, in the order in which `run` gets their values. */
  readonly hostScalars: readonly string[];
  /**
   * Slots that a value may live in while a run lasts, if it needs memory at all: gradients beside one another.
   * What such a slot holds after a run is not defined unless it is also written.
   */
  readonly placements?: readonly Write[];
}

/** Name of a slot in messages and keys. */
export function slotKey(arena: string, name: string): string {
  return `${arena}:${name}`;
}
