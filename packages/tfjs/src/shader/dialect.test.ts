import { elementwisePrimitives } from "@downhill/core/engine";
import { describe, expect, it } from "vitest";
import { number } from "./dialect.js";
import { glsl, packedGlsl } from "./glsl.js";
import { packedWgsl, wgsl } from "./wgsl.js";

describe("numbers in shaders", () => {
  it("are read as the float32 that they are", () => {
    const values = [0.1, 1e-7, 3.4e38, 1.17549435e-38, 123456789, 1 / 3, 16777217, 2 ** -126, 0, 5];
    for (const value of values) {
      for (const signed of [value, -value]) {
        const text = number(signed).replace(/[()]/g, "");
        expect(text).toMatch(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/);
        expect(text).toMatch(/[.e]/);
        expect(Math.fround(Number(text))).toBe(Math.fround(signed));
      }
    }
  });

  it("that are not finite are functions: no shading language has literals for them", () => {
    expect([Number.NaN, Infinity, -Infinity, 1e39].map(number)).toEqual([
      "d_nan()",
      "d_inf()",
      "(-d_inf())",
      "d_inf()",
    ]);
  });
});

describe.each(Object.entries({ wgsl, packedWgsl, glsl, packedGlsl }))("%s", (name, dialect) => {
  const operands = ["a", "b", "c"].map((text) => ({ text }));
  const code = elementwisePrimitives
    .map((op) => dialect.spelling[op](...operands).text)
    .concat("d_uniform32(k, k, 1u, i)", "d_keyLow(a)", "d_keyHigh(a)")
    .join("\n");

  it("defines each function that its spellings call, once, before it is called", () => {
    const preamble = dialect.preamble(code);
    const called = new Set([...`${preamble}${code}`.matchAll(/\b(d_\w+)\(/g)].map(([, f]) => f!));
    for (const f of called) {
      const [definition, call] = [new RegExp(`(fn|float|uint|int|bool) ${f}\\(`), `${f}(`];
      const at = preamble.search(definition);
      expect(at, f).toBeGreaterThanOrEqual(0);
      expect(preamble.indexOf(call), f).toBeGreaterThanOrEqual(at);
    }
  });

  it("has nothing of the other language left", () => {
    const preamble = dialect.preamble(code);
    if (name === "wgsl" || name === "packedWgsl") {
      expect(preamble).not.toMatch(
        /^(float|uint|int|bool)\b|[;{](float|uint|int|bool)\b|\b(vec4|bvec4)\b(?!<)|\[8\]/m,
      );
    } else expect(preamble).not.toMatch(/\bfn\b|\blet\b|\bvar\b|->|bitcast|\b[fiu]32\b/);
  });

  it("asks for NaN among the bits, where a compiler cannot assume that there is none", () => {
    const twice = [{ text: "a" }, { text: "a" }];
    expect(dialect.spelling.eq(...twice).condition).toMatch(/d_isNan4?\(a\)/);
    expect(dialect.spelling.sub(...twice).text).toMatch(/^d_nothingOf4?\(a\)$/);
  });
});
