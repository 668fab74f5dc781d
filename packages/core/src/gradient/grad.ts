import type { Tensor } from "../expr/tensor.js";
import { mapValues } from "../record/map-values.js";
import { gradients } from "./reverse.js";

/** Traced tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;
type Same<P extends Tensors> = { readonly [K in keyof P]: Tensor };

/** The gradient of a traced scalar function, by parameter name: again a traced function, so it nests. */
export function grad<P extends Tensors>(f: (p: P) => Tensor): (p: P) => Same<P> {
  return (p) => valueAndGrad(f)(p).gradient;
}

/** A traced scalar function together with its gradient; what both compute is computed once. */
export function valueAndGrad<P extends Tensors>(
  f: (p: P) => Tensor,
): (p: P) => { readonly value: Tensor; readonly gradient: Same<P> } {
  return (p) => {
    const value = f(p);
    return { value, gradient: byName(p, gradients(value, Object.values(p))) };
  };
}

/**
 * Hessian-vector product H(p)·v of a traced scalar function, by differentiating the product of gradient and v:
 * the cost of a few gradients, without the matrix. Pearlmutter 1994, doi:10.1162/neco.1994.6.1.147.
 */
export function hvp<P extends Tensors>(f: (p: P) => Tensor): (p: P, v: Same<P>) => Same<P> {
  return (p, v) => {
    const along = Object.entries(grad(f)(p))
      .map(([name, g]) => g.dot(v[name]!.stopGradient()))
      .reduce((sum, part) => sum.add(part));
    return byName(p, gradients(along, Object.values(p)));
  };
}

function byName<P extends Tensors>(p: P, list: readonly Tensor[]): Same<P> {
  return mapValues(p, (_, __, i) => list[i]!) as Same<P>;
}
