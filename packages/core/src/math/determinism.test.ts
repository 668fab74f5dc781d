import { describe, expect, it } from "vitest";
import { wordAt } from "../random/word-at.js";
import { atan2, cbrt, cos, erf, exp, expm1, log, log1p, pow, sigmoid, sin, tanh } from "./index.js";

/** FNV-1a over the bits of f at `count` doubles spread over all exponents and signs. */
function fingerprint(f: (x: number, y: number) => number, count = 20000): string {
  const words = new Uint32Array(4);
  const doubles = new Float64Array(words.buffer);
  const result = new Float64Array(1);
  const resultWords = new Uint32Array(result.buffer);
  let hash = 0x811c9dc5;
  for (let i = 0; i < count; i++) {
    for (let w = 0; w < 4; w++) words[w] = wordAt(20260101, 4 * i + w);
    // Every other pair is brought to where most functions are neither 0 nor infinite.
    const [x, y] = i % 2 ? doubles : [words[0]! / 0x8000000 - 16, words[2]! / 0x8000000 - 16];
    result[0] = f(x!, y!);
    // One NaN is as good as another.
    if (Number.isNaN(result[0])) result[0] = NaN;
    for (const word of resultWords) hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

// Recorded once from these functions: it pins that every engine and every later version computes the same
// bits. That they are the right ones is for accuracy.test.ts to say. A change here changes users' runs: it
// belongs in the notes.
describe("the bits of the elementary functions", () => {
  it.each([
    ["exp", exp, "dcb31545"],
    ["expm1", expm1, "e82869c1"],
    ["log", log, "ea96dc88"],
    ["log1p", log1p, "31061a9a"],
    ["pow", (x: number, y: number) => pow(Math.abs(x), y), "88a65238"],
    ["sin", sin, "43680705"],
    ["cos", cos, "aeb504bd"],
    ["tanh", tanh, "ca328dd7"],
    ["sigmoid", sigmoid, "2d48b4b2"],
    ["erf", erf, "9a27bc04"],
    ["atan2", atan2, "ecd7cb70"],
    ["cbrt", cbrt, "9c706eca"],
  ] as [string, (x: number, y: number) => number, string][])(
    "of %s are those recorded",
    (_name, f, recorded) => {
      expect(fingerprint(f)).toBe(recorded);
    },
  );
});
