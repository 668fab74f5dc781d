import { describe, expect, it } from "vitest";
import { philox } from "./philox.js";
import { wordAt } from "./word-at.js";

describe("wordAt", () => {
  it("reads Philox's known answer in order, backwards and across keys", () => {
    const known = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
    expect([0, 1, 2, 3].map((i) => wordAt(0, i))).toEqual(known);
    expect([3, 2, 1, 0].map((i) => wordAt(0, i))).toEqual([...known].reverse());
    const other = wordAt(1, 0);
    expect(wordAt(0, 0)).toBe(known[0]);
    expect(wordAt(1, 0)).toBe(other);
    expect(other).not.toBe(known[0]);
  });

  it("splits keys and indices beyond 32 bits into words", () => {
    const out = new Uint32Array(4);
    const key = 5 * 2 ** 32 + 6;
    const number = 7 * 2 ** 32 + 8;
    philox(6, 5, 8, 7, 0, 0, out);
    for (let lane = 0; lane < 4; lane++) expect(wordAt(key, 4 * number + lane)).toBe(out[lane]);
  });
});
