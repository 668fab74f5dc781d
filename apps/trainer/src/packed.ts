import type { Packed } from "@downhill/core/train";

/** Numbers as events carry them. */
export function packed(shape: readonly number[], numbers: Iterable<number> | ArrayLike<number>): Packed {
  return { dtype: "float64", shape, data: Float64Array.from(numbers as ArrayLike<number>) };
}

/** Class indices as events carry them. */
export function packedIndices(shape: readonly number[], indices: ArrayLike<number>): Packed {
  return { dtype: "int32", shape, data: Int32Array.from(indices) };
}
