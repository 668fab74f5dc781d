import { type ElementwisePrimitive, type HostValue, math } from "@downhill/core/engine";

/** Computes a program's host values in float64. Allocates nothing in a run. */
export interface Host {
  /** Writes all values to `to`, in the plan's order. */
  evaluate(given: Float64Array, to: Float64Array): void;
}

type Compute = (to: Float64Array, given: Float64Array) => void;

export function hostOf(values: readonly HostValue[]): Host {
  const steps = values.map((value, at) => compute(value, at));
  return {
    evaluate(given, to) {
      for (let i = 0; i < steps.length; i++) steps[i]!(to, given);
    },
  };
}

function compute(value: HostValue, at: number): Compute {
  if (value.op === "constant") {
    const number = value.value;
    return (to) => void (to[at] = number);
  }
  if (value.op === "given") {
    const { index } = value;
    return (to, given) => void (to[at] = given[index]!);
  }
  const [i, j, k] = value.inputs as [number, number, number];
  const one = unary[value.op as Arity1];
  if (one) return (to) => void (to[at] = one(to[i]!));
  const two = binary[value.op as Arity2];
  if (two) return (to) => void (to[at] = two(to[i]!, to[j]!));
  return (to) => void (to[at] = to[i] !== 0 ? to[j]! : to[k]!);
}

type Arity1 = "neg" | "abs" | "sign" | "floor" | "sqrt" | "exp" | "expm1" | "log" | "log1p" | "sin" | "cos" | "tanh" | "erf";
type Arity2 = Exclude<ElementwisePrimitive, Arity1 | "where">;

const unary: Readonly<Record<Arity1, (a: number) => number>> = {
  neg: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  sqrt: Math.sqrt,
  exp: math.exp,
  expm1: math.expm1,
  log: math.log,
  log1p: math.log1p,
  sin: math.sin,
  cos: math.cos,
  tanh: math.tanh,
  erf: math.erf,
};

const binary: Readonly<Record<Arity2, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  minimum: (a, b) => Math.min(a, b),
  maximum: (a, b) => Math.max(a, b),
  pow: math.pow,
  atan2: math.atan2,
  lt: (a, b) => Number(a < b),
  le: (a, b) => Number(a <= b),
  eq: (a, b) => Number(a === b),
};
