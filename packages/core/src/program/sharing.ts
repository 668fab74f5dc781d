import type { Attributes, Tensor } from "../expr/tensor.js";

/** A function that gives, for each node, the first one it saw that computes the same. */
export function sharing(): (node: Tensor) => Tensor {
  const numbers = new Map<Tensor | Float64Array, number>();
  const numberOf = (x: Tensor | Float64Array) => {
    if (!numbers.has(x)) numbers.set(x, numbers.size);
    return numbers.get(x)!;
  };
  const nodes = new Map<string, Tensor>();
  return (node) => {
    const { op, inputs, attributes } = node;
    const operands = inputs.map(numberOf);
    if (op === "add" || op === "mul") operands.sort((a, b) => a - b);
    const key = `${op} ${operands} ${keyOf(attributes, numberOf)}`;
    const known = nodes.get(key) ?? node;
    nodes.set(key, known);
    return known;
  };
}

/** The same text for the same attributes. */
function keyOf(attributes: Attributes, numberOf: (values: Float64Array) => number): string {
  return JSON.stringify(attributes, (_, value) => {
    if (value instanceof Float64Array) return numberOf(value);
    // JSON has neither -0 nor what is not finite.
    return typeof value === "number" && (value === 0 || !Number.isFinite(value))
      ? `${1 / value}${value}`
      : value;
  });
}
