import { philox } from "./philox.js";

/**
 * What tells one random stream from another: a whole number from 0 to 2^53 - 1, so that it travels as a host
 * scalar and in JSON. Philox sees it as two words, `key >>> 0` and `Math.floor(key / 2^32)`. A seed is a key.
 */
export type Key = number;

const out = new Uint32Array(4);

/**
 * The key of a stream of its own, named by a text and a number from 0 to 2^53 - 1: `forkKey(seed, "dropout",
 * step)`.
 *
 * The name is hashed by Philox itself, six characters at a time, the last block holding the number and the
 * name's length. The fourth counter word keeps these blocks apart from the draws of `wordAt`, where it is 0.
 */
export function forkKey(key: Key, name: string, index = 0): Key {
  let result = key;
  for (let i = 0; i < name.length; i += 6) {
    result = hash(result, characters(name, i), characters(name, i + 2), characters(name, i + 4), 1);
  }
  return hash(result, index >>> 0, Math.floor(index / 0x100000000), name.length, 2);
}

/** Two UTF-16 units in a word; beyond the end of the name `charCodeAt` says NaN, which counts as 0. */
function characters(name: string, i: number): number {
  return name.charCodeAt(i) | (name.charCodeAt(i + 1) << 16);
}

function hash(key: Key, word0: number, word1: number, word2: number, word3: number): Key {
  philox(key >>> 0, Math.floor(key / 0x100000000), word0, word1, word2, word3, out);
  return (out[1]! & 0x1fffff) * 0x100000000 + out[0]!;
}
