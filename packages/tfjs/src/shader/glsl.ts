import { type Dialect, number, spellingWith } from "./dialect.js";
import { libraryFor } from "./library.js";
import { overVectors } from "./vectors.js";

/** What the library takes from WGSL, in numbers and in vectors of four. */
const names = `float select(float no, float yes, bool c) { return c ? yes : no; }
uint select(uint no, uint yes, bool c) { return c ? yes : no; }
bool select(bool no, bool yes, bool c) { return c ? yes : no; }
vec4 select(vec4 no, vec4 yes, bvec4 c) { return mix(no, yes, c); }
float d_inf() { return uintBitsToFloat(0x7f800000u); }
float d_nan() { return uintBitsToFloat(0x7fc00000u); }
`;

/** One number after another. */
export const glsl: Dialect = {
  spelling: spellingWith(
    (sign, a, b) => (sign === "==" && a === b ? `!d_isNan(${a})` : `${a} ${sign} ${b}`),
    (condition) => `!(${condition})`,
    "0.0",
    "1.0",
  ),
  literal: number,
  preamble: (code) => names + libraryFor(code),
};

const relations = { "<": "lessThan", "<=": "lessThanEqual", "==": "equal" };

/** Four numbers at once, as tfjs packs them. */
export const packedGlsl: Dialect = {
  spelling: spellingWith(
    (sign, a, b) => (sign === "==" && a === b ? `not(d_isNan(${a}))` : `${relations[sign]}(${a}, ${b})`),
    (condition) => `not(${condition})`,
    "vec4(0.0)",
    "vec4(1.0)",
  ),
  literal: (value) => `vec4(${number(value)})`,
  preamble(code) {
    const library = libraryFor(code);
    return names + library + overVectors(library);
  },
};
