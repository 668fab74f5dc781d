import { type Dialect, number, spellingWith } from "./dialect.js";
import { libraryFor } from "./library.js";
import { overVectors } from "./vectors.js";

/** GLSL's names. Infinity is no constant in WGSL: it is made of bits that the compiler does not know. */
const names = `alias float = f32;
alias int = i32;
alias uint = u32;
fn floatBitsToUint(x: f32) -> u32 { return bitcast<u32>(x); }
fn uintBitsToFloat(x: u32) -> f32 { return bitcast<f32>(x); }
var<private> d_infiniteBits: u32 = 0x7f800000u;
fn d_inf() -> f32 { return bitcast<f32>(d_infiniteBits); }
fn d_nan() -> f32 { return bitcast<f32>(d_infiniteBits | 0x400000u); }
`;

/** The library's GLSL in WGSL, after its names. */
function translate(code: string): string {
  const turned = code
    .replaceAll("bvec4", "vec4<bool>")
    .replace(/\bvec4\b(?!<)/g, "vec4f")
    .replaceAll("uint[8]", "array<uint,8> ")
    .replace(/(\S+) (\w+)\(([^)]*)\) ?\{/g, (_, result, name, list: string) => {
      return `fn ${name}(${list.replace(/(\w+) (\w+)/g, "$2: $1")}) -> ${result} {`;
    })
    .replace(/(\w+|array<uint,8>) +(\w+) ?=(?!=)/g, "var $2: $1 =");
  return names + turned;
}

/** With `suffix` for vectors, whose functions have names of their own: WGSL knows each name once. */
function dialect(suffix: "" | "4"): Dialect {
  const spread = (value: string) => (suffix ? `vec4<f32>(${value})` : value);
  return {
    spelling: spellingWith(
      (sign, a, b) => (sign === "==" && a === b ? `!d_isNan${suffix}(${a})` : `${a} ${sign} ${b}`),
      (condition) => `!(${condition})`,
      spread("0.0"),
      spread("1.0"),
      suffix,
    ),
    literal: (value) => spread(number(value)),
    preamble(code) {
      const library = libraryFor(code);
      return translate(library + overVectors(library, "4"));
    },
  };
}

/** One number after another. */
export const wgsl: Dialect = dialect("");

/** Four numbers at once. */
export const packedWgsl: Dialect = dialect("4");
