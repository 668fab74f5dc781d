const buffer = new ArrayBuffer(8);

/**
 * One double and, in the same eight bytes, its two words: write `double[0]`, read `words[HIGH]` and
 * `words[LOW]`.
 */
export const double: Float64Array = new Float64Array(buffer);
export const words: Int32Array = new Int32Array(buffer);
export const LOW = 0;
export const HIGH = 1;

double[0] = 1;
if (words[HIGH] !== 0x3ff00000) {
  throw new Error(
    "downhill: this machine stores numbers big-endian; only little-endian machines are supported.",
  );
}
