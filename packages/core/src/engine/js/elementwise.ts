import type { ElementwisePrimitive } from "../../operators/index.js";
import { call } from "./library.js";

/** How JavaScript spells each elementwise primitive, with the same bits on every machine. */
const spelling = {
  add: (a, b) => `${a} + ${b}`,
  sub: (a, b) => `${a} - ${b}`,
  mul: (a, b) => `${a} * ${b}`,
  div: (a, b) => `${a} / ${b}`,
  minimum: (a, b) => `Math.min(${a}, ${b})`,
  // The largest of a number and a limit above 0, or 0, is cheaper by one comparison, which keeps NaN too.
  maximum: (a, b) => (Number(b) >= 0 && b !== "-0" ? `${a} <= ${b} ? ${b} : ${a}` : `Math.max(${a}, ${b})`),
  pow: (a, b) => call("pow", a, b),
  atan2: (a, b) => call("atan2", a, b),
  neg: (a) => `-(${a})`,
  abs: (a) => `Math.abs(${a})`,
  sign: (a) => `Math.sign(${a})`,
  floor: (a) => `Math.floor(${a})`,
  sqrt: (a) => `Math.sqrt(${a})`,
  exp: (a) => call("exp", a),
  expm1: (a) => call("expm1", a),
  log: (a) => call("log", a),
  log1p: (a) => call("log1p", a),
  sin: (a) => call("sin", a),
  cos: (a) => call("cos", a),
  tanh: (a) => call("tanh", a),
  erf: (a) => call("erf", a),
  lt: (a, b) => `${condition("lt", a, b)} ? 1 : 0`,
  le: (a, b) => `${condition("le", a, b)} ? 1 : 0`,
  eq: (a, b) => `${condition("eq", a, b)} ? 1 : 0`,
  where: (test, yes, no) => `${test} !== 0 ? ${yes} : ${no}`,
} satisfies Record<ElementwisePrimitive, (...operands: string[]) => string>;

const comparison = { lt: "<", le: "<=", eq: "===" };

/** A comparison as a condition; undefined for anything else. */
export function condition(op: string, a: string, b: string): string | undefined {
  return op in comparison ? `${a} ${comparison[op as keyof typeof comparison]} ${b}` : undefined;
}

/** A number as source text. */
export function literal(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

export function spell(op: ElementwisePrimitive, inputs: readonly string[]): string {
  return (spelling[op] as (...operands: readonly string[]) => string)(...inputs);
}
