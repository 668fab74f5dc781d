import type { Key } from "./key.js";
import { philox } from "./philox.js";

const block = new Uint32Array(4);

/**
 * Element `index` of the tensor of uniform numbers that `stream` draws from `key`: a multiple of 2^-24 in [0,
 * 1), exact in float32. It is word index mod 4 of what Philox makes of the counter (⌊index / 4⌋, 0, stream,
 * 0), shifted right by 8; stream 0 agrees with `uniformAt`.
 */
export function uniform32(key: Key, stream: number, index: number): number {
  philox(key >>> 0, Math.floor(key / 0x100000000), index >>> 2, 0, stream, 0, block);
  return (block[index & 3]! >>> 8) * (1 / 0x1000000);
}
