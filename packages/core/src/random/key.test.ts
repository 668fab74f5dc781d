import { describe, expect, it } from "vitest";
import { forkKey } from "./key.js";
import { philox } from "./philox.js";

describe("forkKey", () => {
  it("is the documented hash, made of Philox", () => {
    const out = new Uint32Array(4);
    const parent = 0x123456789abcd;
    const unit = (i: number) => "shuffle".charCodeAt(i);
    philox(
      0x6789abcd,
      0x12345,
      unit(0) | (unit(1) << 16),
      unit(2) | (unit(3) << 16),
      unit(4) | (unit(5) << 16),
      1,
      out,
    );
    philox(out[0]!, out[1]! & 0x1fffff, unit(6), 0, 0, 1, out);
    philox(out[0]!, out[1]! & 0x1fffff, 5, 1, 7, 2, out);
    const expected = (out[1]! & 0x1fffff) * 2 ** 32 + out[0]!;
    expect(forkKey(parent, "shuffle", 2 ** 32 + 5)).toBe(expected);
  });

  it("gives every parent, name and number a key of its own, a safe integer", () => {
    const keys = new Set<number>();
    const parents = [0, 1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const names = [
      "",
      "a",
      "b",
      "a\0",
      "\0a",
      "dropout",
      "dropout1",
      "dropouts",
      "é",
      "a longer name than two blocks",
    ];
    const numbers = [0, 1, 2, 2 ** 32, Number.MAX_SAFE_INTEGER];
    for (const parent of parents) {
      for (const name of names) for (const number of numbers) keys.add(forkKey(parent, name, number));
    }
    expect(keys.size).toBe(parents.length * names.length * numbers.length);
    for (const key of keys) expect(Number.isSafeInteger(key) && key >= 0).toBe(true);
  });

  it("takes 0 for the number not given", () => {
    expect(forkKey(1, "init")).toBe(forkKey(1, "init", 0));
  });
});
