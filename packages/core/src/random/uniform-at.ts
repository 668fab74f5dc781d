import type { Key } from "./key.js";
import { wordAt } from "./word-at.js";

/**
 * The uniform number `index` (0 to 2^53 - 1) of a key's stream: a multiple of 2^-24 in [0, 1), made of word
 * `index`.
 *
 * Exact in float32, so engines of either precision draw the same numbers.
 */
export function uniformAt(key: Key, index: number): number {
  return (wordAt(key, index) >>> 8) * (1 / 0x1000000);
}

/** As `uniformAt` with 53 bits, a multiple of 2^-53 in [0, 1), made of words `index` and `index + 1`. */
export function uniform53At(key: Key, index: number): number {
  const high = wordAt(key, index) >>> 5;
  const low = wordAt(key, index + 1) >>> 6;
  return (high * 0x4000000 + low) * (1 / 0x20000000000000);
}
