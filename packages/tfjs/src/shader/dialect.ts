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

/** A primitive of operands, two of which may be one. */
export function spell(
  { spelling }: Dialect,
  op: ElementwisePrimitive,
  operands: readonly Expression[],
): Expression {
  return spelling[op](...operands);
}

const text = (code: string): Expression => ({ text: code });
const unary =
  (code: (a: string) => string) =>
  (...[a]: readonly Expression[]) =>
    text(code(a!.text));
const binary =
  (code: (a: string, b: string) => string) =>
  (...[a, b]: readonly Expression[]) =>
    text(code(a!.text, b!.text));

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
  const call =
    (name: string, ...more: string[]) =>
    (...operands: readonly Expression[]): Expression =>
      text(`d_${name}${suffix}(${[...operands.map((x) => x.text), ...more].join(", ")})`);
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
    add: binary((a, b) => `(${a} + ${b})`),
    sub: binary((a, b) => (a === b ? `d_nothingOf${suffix}(${a})` : `(${a} - ${b})`)),
    mul: binary((a, b) => `(${a} * ${b})`),
    div: binary((a, b) => `(${a} / ${b})`),
    minimum: bounded("minimum"),
    maximum: bounded("maximum"),
    pow: call("pow"),
    atan2: call("atan2"),
    neg: unary((a) => `(-${a})`),
    abs: unary((a) => `abs(${a})`),
    sign: call("sign"),
    floor: unary((a) => `floor(${a})`),
    sqrt: unary((a) => `sqrt(${a})`),
    exp: call("exp"),
    expm1: call("expm1"),
    log: call("log"),
    log1p: call("log1p"),
    sin: call("wave", "0u"),
    cos: call("wave", "1u"),
    tanh: call("tanh"),
    erf: call("erf"),
    lt: comparison("<"),
    le: comparison("<="),
    eq: comparison("=="),
    // Not `!=`, which WGSL has false of NaN.
    where: (test, yes, no) =>
      test!.condition === undefined
        ? text(`select(${no!.text}, ${yes!.text}, ${not(compare("==", test!.text, zero))})`)
        : text(`select(${no!.text}, ${yes!.text}, ${test!.condition})`),
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
