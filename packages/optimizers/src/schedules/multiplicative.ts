import { describeSetting } from "@downhill/core";
import { type Composable, composable } from "./composable.js";

/**
 * Multiplicative: the value times f(1)·f(2)···f(t), f(t) being the factor from step t - 1 to t. PyTorch's
 * MultiplicativeLR. (value·f(t), its LambdaLR, is `constant(value).times(f)`.) JSON has samples of it alone, since it
 * cannot carry f.
 */
export function multiplicative(value: number, factor: (step: number) => number): Composable {
  if (!Number.isFinite(value)) {
    throw new RangeError(`multiplicative: value = ${value} is not allowed; expected a finite number.`);
  }
  // Products so far, since each step's begins with those of all before.
  const products = [value];
  const at = (t: number) => {
    for (let step = products.length; step <= t; step++) products.push(products[step - 1]! * factor(step));
    return products[t]!;
  };
  return composable(at, () => describeSetting((t) => at(t)));
}
