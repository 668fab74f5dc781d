import type { Tensor } from "../expr/tensor.js";
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
