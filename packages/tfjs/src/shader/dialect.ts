import type { ElementwisePrimitive } from "@downhill/core/engine";

/** An expression of a shader: the text, and, of a comparison, the condition that it is 1 or 0 of. */
export interface Expression {
  readonly text: string;
  readonly condition?: string;
}

/** How a shading language spells each elementwise primitive. Operands are names or literals, so that they may be repeated. */
export type Spelling = Record<ElementwisePrimitive, (...operands: readonly Expression[]) => Expression>;

/** What kernels need to know of a shading language. */
export interface Dialect {
  readonly spelling: Spelling;
  literal(value: number): string;
  /** What stands before the kernel: the functions that its code calls. */
  preamble(code: string): string;
}

const text = (code: string): Expression => ({ text: code });
const binary =
  (code: (a: string, b: string) => string) =>
  (...[a, b]: readonly Expression[]) =>
    text(code(a!.text, b!.text));
const infix = (sign: string) => binary((a, b) => `(${a} ${sign} ${b})`);
const call =
  (name: string, ...more: string[]) =>
  (...operands: readonly Expression[]) =>
    text(`${name}(${[...operands.map((x) => x.text), ...more].join(", ")})`);

const isNumber = (code: string) => /^(vec4(<f32>)?)?\(*-?[\d.e+-]+\)*$/.test(code);

/**
 * What languages spell alike, apart from how two operands make a condition: that a number is itself asks whether it is
 * NaN. `suffix` ends the names of the library's functions.
 */
export function spellingWith(
  compare: (sign: "<" | "<=" | "==", a: string, b: string) => string,
  not: (condition: string) => string,
  zero: string,
  one: string,
  suffix = "",
): Spelling {
  const ours = (name: string, ...more: string[]) => call(`d_${name}${suffix}`, ...more);
  /** Against a number, a comparison does: a NaN, for which it is false, stays. */
  const bounded = (name: "minimum" | "maximum") =>
    binary((a, b) => {
      const below = (x: string, y: string) => (name === "minimum" ? compare("<", x, y) : compare("<", y, x));
      if (isNumber(b)) return `select(${a}, ${b}, ${below(b, a)})`;
      if (isNumber(a)) return `select(${b}, ${a}, ${below(a, b)})`;
      return `d_${name}${suffix}(${a}, ${b})`;
    });
  const comparison =
    (sign: "<" | "<=" | "==") =>
    (...[a, b]: readonly Expression[]): Expression => {
      const condition = compare(sign, a!.text, b!.text);
      return { text: `select(${zero}, ${one}, ${condition})`, condition };
    };
  return {
    add: infix("+"),
    sub: (a, b) => (a!.text === b!.text ? ours("nothingOf")(a!) : infix("-")(a!, b!)),
    mul: infix("*"),
    div: infix("/"),
    minimum: bounded("minimum"),
    maximum: bounded("maximum"),
    pow: ours("pow"),
    atan2: ours("atan2"),
    neg: call("-"),
    abs: call("abs"),
    sign: ours("sign"),
    floor: call("floor"),
    sqrt: call("sqrt"),
    exp: ours("exp"),
    expm1: ours("expm1"),
    log: ours("log"),
    log1p: ours("log1p"),
    sin: ours("wave", "0u"),
    cos: ours("wave", "1u"),
    tanh: ours("tanh"),
    erf: ours("erf"),
    lt: comparison("<"),
    le: comparison("<="),
    eq: comparison("=="),
    where(test, yes, no) {
      // Not `!=`, which WGSL has false of NaN.
      const condition = test!.condition ?? not(compare("==", test!.text, zero));
      return text(`select(${no!.text}, ${yes!.text}, ${condition})`);
    },
  };
}

/** A float32 as text that WGSL and GLSL read. */
export function number(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isNaN(rounded)) return "d_nan()";
  if (!Number.isFinite(rounded)) return rounded > 0 ? "d_inf()" : "(-d_inf())";
  const digits = String(Number(rounded.toPrecision(9)));
  const full = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return Object.is(rounded, -0) || rounded < 0 ? `(-${full.replace("-", "")})` : full;
}
