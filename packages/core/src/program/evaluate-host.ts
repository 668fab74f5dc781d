import { operators } from "../operators/index.js";
import type { Plan } from "./plan.js";

/**
 * Computes the host's values of a plan in float64: `given` are the scalars that `run` gets, and `values[i]` becomes the
 * value of `plan.host[i]`. For engines that do not spell them out in code of their own.
 */
export function evaluateHost({ host }: Plan, given: Float64Array, values: Float64Array): void {
  for (let i = 0; i < host.length; i++) {
    const value = host[i]!;
    if (value.op === "constant") values[i] = value.value;
    else if (value.op === "given") values[i] = given[value.index]!;
    else {
      const [a, b, c] = value.inputs as [number, number, number];
      values[i] = operators[value.op].scalar!(values[a]!, values[b]!, values[c]!);
    }
  }
}
