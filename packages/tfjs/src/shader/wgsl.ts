import { type Dialect, number, spellingWith } from "./dialect.js";
import { libraryFor } from "./library.js";
import { overVectors } from "./vectors.js";

/** Infinity is no constant in WGSL: it is made of bits that the compiler does not know. */
const infinity = `var<private> d_infiniteBits: u32 = 0x7f800000u;
fn d_inf() -> f32 {
  return bitcast<f32>(d_infiniteBits);
}
fn d_nan() -> f32 {
  return bitcast<f32>(d_infiniteBits | 0x400000u);
}
`;

/** One number after another. */
export const wgsl: Dialect = {
  spelling: spellingWith(
    (sign, a, b) => (sign === "==" && a === b ? `!d_isNan(${a})` : `${a} ${sign} ${b}`),
    (condition) => `!(${condition})`,
    "0.0",
    "1.0",
  ),
  literal: number,
  preamble: (code) => infinity + libraryFor(code),
};

/** Four numbers at once. Functions of vectors have names of their own, ending in 4: WGSL knows each name once. */
export const packedWgsl: Dialect = {
  spelling: spellingWith(
    (sign, a, b) => (sign === "==" && a === b ? `!d_isNan4(${a})` : `${a} ${sign} ${b}`),
    (condition) => `!(${condition})`,
    "vec4<f32>(0.0)",
    "vec4<f32>(1.0)",
    "4",
  ),
  literal: (value) => `vec4<f32>(${number(value)})`,
  preamble(code) {
    const library = libraryFor(code);
    const vectors = overVectors(library, ({ name, parameters, result, lanes }) => {
      const list = parameters.map(([p, type]) => `${p}: ${type === "f32" ? "vec4<f32>" : type}`);
      const vector = result === "f32" ? "vec4<f32>" : "vec4<bool>";
      return `fn ${name}4(${list.join(", ")}) -> ${vector} { return ${vector}(${lanes.join(", ")}); }`;
    });
    return infinity + library + vectors;
  },
};
