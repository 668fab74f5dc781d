import { cos } from "../math/cos.js";
import { log } from "../math/log.js";
import { sin } from "../math/sin.js";
import type { Key } from "./key.js";
import { uniformAt } from "./uniform-at.js";

/**
 * The standard normal number `index` (0 to 2^53 - 1) of a key's stream, at most 5.77 from 0.
 *
 * Numbers 2i and 2i + 1 are the pair that Box and Muller ("A note on the generation of random normal
 * deviates", Annals of Mathematical Statistics 29, 1958) make of uniforms 2i and 2i + 1: r cos a and r sin a
 * with r = sqrt(-2 log(1 - u)), a = 2 pi u'. The uniforms are the same in every engine, and the functions
 * here are Downhill's own; an engine that computes in float32 agrees to float32 rounding.
 */
export function normalAt(key: Key, index: number): number {
  const odd = index % 2;
  const radius = Math.sqrt(-2 * log(1 - uniformAt(key, index - odd)));
  const angle = 2 * Math.PI * uniformAt(key, index - odd + 1);
  return radius * (odd ? sin(angle) : cos(angle));
}
