import type { Tensor } from "../expr/tensor.js";
import { operators } from "../operators/index.js";
import { topologicalOrder } from "../program/graph.js";

/** Whether a scalar depends on constants and host scalars alone. */
export function isOnHost(node: Tensor): boolean {
  return topologicalOrder([node]).every(
    (part) => part.op === "constant" || part.op === "hostScalar" || operators[part.op].scalar !== undefined,
  );
}

/** Value of such a scalar, given the host scalars by name. */
export function evaluateOnHost(node: Tensor, scalars: (name: string) => number): number {
  const values = new Map<Tensor, number>();
  for (const part of topologicalOrder([node])) {
    const inputs = part.inputs.map((input) => values.get(input)!);
    if (part.op === "constant") values.set(part, part.attributes.value as number);
    else if (part.op === "hostScalar") values.set(part, scalars(part.attributes.name as string));
    else {
      const [value] = operators[part.op].value(
        inputs.map((x) => ({ shape: [], data: Float64Array.of(x) })),
        part.attributes,
        [],
      );
      values.set(part, value!);
    }
  }
  return values.get(node)!;
}
