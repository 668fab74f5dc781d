import { expect, test } from "vitest";
import { fingerprint, murmur128 } from "./fingerprint.js";

function hash(bytes: Uint8Array, seed: number): string {
  const state = new Uint32Array(4).fill(seed);
  murmur128(bytes, state);
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

// From the Python package mmh3 5: hash_bytes(…, x64arch=False), as four little-endian words.
test.each([
  ["", "00000000000000000000000000000000", "af6d2cb695c80cba95c80cba95c80cba"],
  ["a", "a794933c5556b01b5556b01b5556b01b", "517b4f5294460fc694460fc694460fc6"],
  ["downhill", "5048b6f01fe99e69abe25e81abe25e81", "e736aff9994821dbe525982ce525982c"],
  [
    "The quick brown fox jumps over the lazy dog",
    "2f1583c3ecee2c675d7bf66ce5e91d2c",
    "b0c69c19b1fd95c704c746bdb64fcfec",
  ],
])("agrees with MurmurHash3_x86_128 on %j", (text, seed0, seed42) => {
  const bytes = new TextEncoder().encode(text);
  expect(hash(bytes, 0)).toBe(seed0);
  expect(hash(bytes, 42)).toBe(seed42);
});

test("agrees with MurmurHash3_x86_128 on a tail of 15 bytes", () => {
  const bytes = Uint8Array.from({ length: 47 }, (_, i) => i);
  expect(hash(bytes, 0)).toBe("f51be7107a073721755ce5b1df94d7b7");
  expect(hash(bytes, 42)).toBe("f9f4ea1e20afc16b3ea837cd103a27d7");
});

test("tells apart the sign of zero, the order and where a part ends", () => {
  const digests = [
    fingerprint([Float64Array.of(0, 1)]),
    fingerprint([Float64Array.of(-0, 1)]),
    fingerprint([Float64Array.of(1, 0)]),
    fingerprint([Float64Array.of(0), Float64Array.of(1)]),
    fingerprint(["ab", "c"]),
    fingerprint(["a", "bc"]),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

test("reads a view from its own offset", () => {
  const all = Float64Array.of(1, 2, 3);
  expect(fingerprint([all.subarray(1)])).toBe(fingerprint([Float64Array.of(2, 3)]));
});
