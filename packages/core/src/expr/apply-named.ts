import { type OperatorName, operators } from "../operators/index.js";
import { type Attributes, apply, type Tensor } from "./tensor.js";

/** A node of any operator, its shape checked. Inputs of elementwise operators must agree in shape already. */
export function applyNamed(
  op: OperatorName,
  inputs: readonly Tensor[],
  attributes: Attributes = {},
  row = operators[op],
): Tensor {
  return apply(op, inputs, attributes, row);
}
