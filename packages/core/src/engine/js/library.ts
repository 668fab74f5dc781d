import { atan2, cos, erf, exp, expm1, log, log1p, pow, sin, tanh } from "../../math/index.js";
import { powInto } from "../../math/pow.js";

/** What generated code may call besides exact arithmetic: functions with the same bits on every machine. */
export const library = { atan2, cos, erf, exp, expm1, log, log1p, pow, sin, tanh };

/** What the program's text is given under the name `library`: `pow` works on the cells themselves. */
export const linked = { ...library, pow: powInto };

/**
 * Numbers at the beginning of the workspace `w` through which arguments and results pass: a fraction that is passed to
 * or returned from a function which the JavaScript engine does not inline would be allocated.
 */
export const CELLS = 2;

/** The library as generated code sees it. */
export const libraryText = Object.keys(library)
  .map((name) => {
    // Bias corrections take powers in every step: they pass no number through a call.
    if (name === "pow") return "const $pow = library.pow, pow = () => $pow(w);\n";
    const two = name === "atan2";
    return `const $${name} = library.${name}, ${name} = () => { w[0] = $${name}(w[0]${two ? ", w[1]" : ""}); };\n`;
  })
  .join("");

/** A call of one of the library's functions of one or two numbers. */
export function call(name: keyof typeof library, ...operands: readonly string[]): string {
  return `(${operands.map((operand, i) => `w[${i}] = ${operand}, `).join("")}${name}(), w[0])`;
}
