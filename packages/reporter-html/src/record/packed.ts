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
  const bytes = fromBase64(data);
  const numbers = arrays[dtype];
  return new numbers(bytes.buffer, 0, Math.floor(bytes.length / numbers.BYTES_PER_ELEMENT));
}

/** An array as a file has it, its bytes in base64. What was a view is a copy now. */
export function pack(numbers: ArrayLike<number>, shape: readonly number[], dtype: Packed["dtype"]): Packed {
  const copy = arrays[dtype].from(numbers);
  return { dtype, shape, data: toBase64(new Uint8Array(copy.buffer)) };
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // String.fromCharCode takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}
