import { isTensor, type Tensor } from "../expr/tensor.js";
import { didYouMean } from "../text/nearest.js";
import type { Given } from "./start.js";

/** A loss as an expression: traced once, with its gradient. */
export type Objective<P> = (parameters: { readonly [K in keyof P]: Tensor }) => Tensor;

type Plain<P> = { readonly [K in keyof P]: Given<P[K]> };

/**
 * An objective in plain code, for what cannot be traced: a simulation, another library. `evaluate` returns value
 * and gradient, or the value alone: then the gradient is estimated by central differences (two evaluations per
 * element), and the result says so.
 */
export interface Callback<P> {
  readonly evaluate: (parameters: Plain<P>) => number | ValueAndGradient<P>;
}

export interface ValueAndGradient<P> {
  readonly value: number;
  readonly gradient: {
    readonly [K in keyof P]: number | ArrayLike<number> | { readonly data: ArrayLike<number> };
  };
}

export function isCallback<P>(f: Objective<P> | Callback<P>): f is Callback<P> {
  return typeof f === "object";
}

/** The objective's expression; a name that the start lacks, or a result that is no tensor, is an error that says so. */
export function applyObjective(f: Objective<any>, parameters: Readonly<Record<string, Tensor>>): Tensor {
  const names = Object.keys(parameters);
  const named = new Proxy(parameters, {
    get(target, name) {
      if (typeof name === "symbol" || name in target) return target[name as string];
      throw new Error(
        `minimize: the objective uses a parameter "${name}", which start does not have.${didYouMean(name, names)} ` +
          `It has ${names.join(", ")}.`,
      );
    },
  });
  const value: unknown = f(named);
  if (isTensor(value)) return value;
  throw new TypeError(
    `minimize: the objective returned ${value === undefined ? "nothing" : String(value)}; expected a traced scalar, ` +
      "made of the parameters by methods such as mul() and sum(). Plain code goes into { evaluate }.",
  );
}
