import { describe, expect, it } from "vitest";
import { multiplyHigh } from "./multiply-high.js";
import { philox } from "./philox.js";

const words = (hex: string) => hex.split(" ").map((word) => Number.parseInt(word, 16));

describe("philox", () => {
  // From the file kat_vectors of the authors' library Random123: philox4x32, 10 rounds.
  it.each([
    ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("gives the known answer for counter %s and key %s", (counter, key, answer) => {
    const [key0, key1] = words(key);
    const [c0, c1, c2, c3] = words(counter);
    const out = new Uint32Array(4);
    philox(key0!, key1!, c0!, c1!, c2!, c3!, out);
    expect([...out]).toEqual(words(answer));
  });
});

describe("multiplyHigh", () => {
  it("is the upper half of the exact product", () => {
    const edges = [
      0, 1, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xd2511f53, 0xfffffffe, 0xffffffff,
    ];
    for (const a of edges) {
      for (const b of edges) expect(multiplyHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }
  });
});
