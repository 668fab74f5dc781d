import type { Key } from "./key.js";
import { philox } from "./philox.js";

const block = new Uint32Array(4);
let blockKey: Key = -1;
let blockNumber = -1;

/**
 * The random 32-bit word number `index` (0 to 2^53 - 1) of a key's stream: words 4b to 4b + 3 are what Philox
 * makes of the counter (b mod 2^32, floor(b / 2^32), 0, 0). All other draws are made of these words.
 *
 * The last block is kept, so that reading in order costs a quarter of a block each time.
 */
export function wordAt(key: Key, index: number): number {
  const number = Math.floor(index / 4);
  if (number !== blockNumber || key !== blockKey) {
    philox(
      key >>> 0,
      Math.floor(key / 0x100000000),
      number >>> 0,
      Math.floor(number / 0x100000000),
      0,
      0,
      block,
    );
    blockKey = key;
    blockNumber = number;
  }
  return block[index - 4 * number]!;
}
