import type { Packed } from "./events.js";

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };

/** Numbers of an event. */
export type Numbers = InstanceType<(typeof arrays)[Packed["dtype"]]>;

/** The numbers of an array from an event, be it still in memory or read from a file. */
export function unpack({ dtype, data }: Packed): Numbers {
  if (typeof data !== "string") return data as Numbers;
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return new arrays[dtype](bytes.buffer);
}

/** Whether `x` is an array of an event, with its numbers as base64. */
export function isPacked(x: unknown): x is Packed & { readonly data: string } {
  const { dtype, shape, data } = (x ?? {}) as Partial<Packed>;
  return (
    typeof dtype === "string" &&
    Object.hasOwn(arrays, dtype) &&
    Array.isArray(shape) &&
    typeof data === "string"
  );
}
