import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { minifyShader } from "../../minify-shaders.js";
import { libraryFor } from "./library.js";

const source = readFileSync(new URL("./library.ts", import.meta.url), "utf8");
const functions = [...source.matchAll(/`(\w+ (d_\w+)[^`]*)`/g)].map(
  ([, code, name]) => [name!, code!] as const,
);
/** Names, numbers, and single characters of all else. */
const tokens = (code: string) => code.match(/[A-Za-z_]\w*|0x\w+|(\d+\.?\d*|\.\d+)(e-?\d+)?u?|\S/g)!;
const isNumber = (token: string) => /^\.?\d/.test(token) && !/^0x|u$/.test(token);

describe("the minified library", () => {
  it("is what tests and pages get", () => {
    expect(libraryFor("d_isNan(x)")).toBe(
      "bool d_isNan(float a){return(floatBitsToUint(a)&0x7fffffffu)>0x7f800000u;}\n",
    );
  });

  it.each(functions)("%s has the same code but for its own names, the same numbers in float32", (_, code) => {
    const [before, after] = [tokens(code), tokens(minifyShader(code))];
    expect(after.length).toBe(before.length);
    const names = new Map<string, string>();
    before.forEach((token, i) => {
      const now = after[i]!;
      if (isNumber(token)) expect(Math.fround(Number(now))).toBe(Math.fround(Number(token)));
      else if (now !== token || names.has(token)) {
        expect(now).toMatch(/^[a-z]$/);
        expect(names.get(token) ?? now).toBe(now);
        names.set(token, now);
      }
    });
    expect(new Set(names.values()).size).toBe(names.size);
    const untouched = before.filter(
      (token, i) => token === after[i] && /^[a-z]$/.test(token) && !names.has(token),
    );
    for (const name of untouched) expect([...names.values()]).not.toContain(name);
  });
});
