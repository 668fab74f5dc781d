import type { ElementwisePrimitive } from "../../operators/index.js";

/** How JavaScript spells each elementwise primitive. Names that are not `Math`'s are those of `core/math`. */
export const spelling = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  minimum: (a, b) => `Math.min(${a}, ${b})`,
  maximum: (a, b) => `Math.max(${a}, ${b})`,
  pow: (a, b) => `pow(${a}, ${b})`,
  atan2: (a, b) => `atan2(${a}, ${b})`,
  neg: (a) => `-(${a})`,
  abs: (a) => `Math.abs(${a})`,
  sign: (a) => `Math.sign(${a})`,
  floor: (a) => `Math.floor(${a})`,
  sqrt: (a) => `Math.sqrt(${a})`,
  exp: (a) => `exp(${a})`,
  expm1: (a) => `expm1(${a})`,
  log: (a) => `log(${a})`,
  log1p: (a) => `log1p(${a})`,
  sin: (a) => `sin(${a})`,
  cos: (a) => `cos(${a})`,
  tanh: (a) => `tanh(${a})`,
  erf: (a) => `erf(${a})`,
  lt: (a, b) => `${a} < ${b} ? 1 : 0`,
  le: (a, b) => `${a} <= ${b} ? 1 : 0`,
  eq: (a, b) => `${a} === ${b} ? 1 : 0`,
  where: (condition, yes, no) => `${condition} !== 0 ? ${yes} : ${no}`,
} satisfies Record<ElementwisePrimitive, (...operands: string[]) => string>;

/** A number as source text. */
export function literal(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

export function spell(op: ElementwisePrimitive, inputs: readonly string[]): string {
  return (spelling[op] as (...operands: readonly string[]) => string)(...inputs);
}
