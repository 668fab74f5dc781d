/**
 * A digest of texts and numbers: 32 hexadecimal digits, the same on every machine. It tells data apart; it does not
 * keep out an adversary.
 */
export function fingerprint(parts: readonly (string | Float64Array)[]): string {
  const state = new Uint32Array(4);
  const encoder = new TextEncoder();
  for (const part of parts) {
    const bytes =
      typeof part === "string"
        ? encoder.encode(part)
        : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    murmur128(bytes, state);
  }
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/**
 * MurmurHash3_x86_128 (A. Appleby, public domain): replaces `state`, the seed, by the hash of the bytes. The
 * reference implementation gives all four words of the seed one value.
 */
export function murmur128(bytes: Uint8Array, state: Uint32Array): void {
  let h1 = state[0]! | 0;
  let h2 = state[1]! | 0;
  let h3 = state[2]! | 0;
  let h4 = state[3]! | 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length - (bytes.length % 16);
  for (let at = 0; at < blocks; at += 16) {
    h1 ^= mix(view.getInt32(at, true), C1, 15, C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= mix(view.getInt32(at + 4, true), C2, 16, C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= mix(view.getInt32(at + 8, true), C3, 17, C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= mix(view.getInt32(at + 12, true), C4, 18, C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const tail = new Uint8Array(16);
  tail.set(bytes.subarray(blocks));
  const rest = new DataView(tail.buffer);
  h1 ^= mix(rest.getInt32(0, true), C1, 15, C2) ^ bytes.length;
  h2 ^= mix(rest.getInt32(4, true), C2, 16, C3) ^ bytes.length;
  h3 ^= mix(rest.getInt32(8, true), C3, 17, C4) ^ bytes.length;
  h4 ^= mix(rest.getInt32(12, true), C4, 18, C1) ^ bytes.length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = avalanche(h1);
  h2 = avalanche(h2);
  h3 = avalanche(h3);
  h4 = avalanche(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  state.set([h1, h2 + h1, h3 + h1, h4 + h1]);
}

function mix(word: number, before: number, turn: number, after: number): number {
  return Math.imul(rotate(Math.imul(word, before), turn), after);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function avalanche(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
