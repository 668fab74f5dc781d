import { randomStream } from "@downhill/core";

/** Normal numbers, the same for the same seed. */
export function noise(seed: number, length: number): Float64Array {
  const stream = randomStream(seed);
  return Float64Array.from({ length }, () => stream.normal());
}
