import { type Dialect, number, spellingWith } from "./dialect.js";
import { libraryFor } from "./library.js";
import { overVectors } from "./vectors.js";

/** GLSL ES 3.00 by WGSL's names, in numbers and in vectors of four. */
const names = `#define f32 float
#define u32 uint
#define i32 int
float select(float no, float yes, bool c) { return c ? yes : no; }
uint select(uint no, uint yes, bool c) { return c ? yes : no; }
bool select(bool no, bool yes, bool c) { return c ? yes : no; }
vec4 select(vec4 no, vec4 yes, bvec4 c) { return mix(no, yes, c); }
float d_inf() { return uintBitsToFloat(0x7f800000u); }
float d_nan() { return uintBitsToFloat(0x7fc00000u); }
`;

/** The library's WGSL in GLSL. */
function translate(code: string): string {
  return code
    .replace(/fn (\w+)\(([^)]*)\) -> (\w+) \{/g, (_, name, parameters: string, result) => {
      const turned = parameters.replace(/(\w+): (\w+)/g, "$2 $1");
      return `${result} ${name}(${turned}) {`;
    })
    .replace(/array<(\w+), (\d+)>/g, "$1[$2]")
    .replace(/\b(?:let|var) (\w+): ([\w[\]]+) =/g, "$2 $1 =")
    .replaceAll("bitcast<f32>(", "uintBitsToFloat(")
    .replaceAll("bitcast<u32>(", "floatBitsToUint(");
}

/** One number after another. */
export const glsl: Dialect = {
  spelling: spellingWith(
    (sign, a, b) => (sign === "==" && a === b ? `!d_isNan(${a})` : `${a} ${sign} ${b}`),
    (condition) => `!(${condition})`,
    "0.0",
    "1.0",
  ),
  literal: number,
  preamble: (code) => names + translate(libraryFor(code)),
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
    const overloads = overVectors(library, ({ name, parameters, result, lanes }) => {
      const list = parameters.map(([p, type]) => `${type === "f32" ? "vec4" : type} ${p}`);
      const vector = result === "f32" ? "vec4" : "bvec4";
      return `${vector} ${name}(${list.join(", ")}) { return ${vector}(${lanes.join(", ")}); }`;
    });
    return names + translate(library) + overloads;
  },
};
