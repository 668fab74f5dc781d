import type { Packed } from "@downhill/core/train";

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

/** The numbers of an array from an event, be it still in memory or read from a file. */
export function unpack({ dtype, data }: Packed): ArrayLike<number> {
  if (typeof data !== "string") return data as unknown as ArrayLike<number>;
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return new arrays[dtype](bytes.buffer);
}
