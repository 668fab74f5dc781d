import type { Tensor } from "@downhill/core";
import { type Operator, type OperatorName, topologicalOrder, type Values } from "@downhill/core/engine";

/** A table of operators, complete. */
export type Operators = Readonly<Record<OperatorName, Operator>>;

/** Value of an expression by a table's reference values, some nodes being given. */
export function evaluateWith(rows: Operators, node: Tensor, given: ReadonlyMap<Tensor, Values>): Values {
  const known = new Map(given);
  for (const part of topologicalOrder([node])) {
    if (known.has(part)) continue;
    const inputs = part.inputs.map((input) => known.get(input)!);
    known.set(part, { shape: part.shape, data: rows[part.op].value(inputs, part.attributes, part.shape) });
  }
  return known.get(node)!;
}
