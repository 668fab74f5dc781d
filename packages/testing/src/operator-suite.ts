import { data } from "@downhill/core";
import { apply, leaf, type OperatorName, type Values } from "@downhill/core/engine";
import { type Check, require, requireClose } from "./check.js";
import { evaluateWith, type Operators } from "./evaluate.js";
import { operatorSamples, type Sample } from "./operator-samples.js";

/**
 * What must hold of a table of operators: shapes are those of the values, lowerings compute the values, derivatives
 * agree with central differences of the values.
 */
export const operatorSuite: readonly Check<Operators>[] = Object.entries(operatorSamples).flatMap(
  ([name, samples]) => checksOf(name as OperatorName, samples),
);

function checksOf(name: OperatorName, samples: readonly Sample[]): Check<Operators>[] {
  return [
    {
      title: `${name}: as many numbers as its shape says`,
      run(rows) {
        for (const { inputs, attributes } of samples) {
          const shape = rows[name].shape(
            inputs.map((input) => input.shape),
            attributes,
          );
          const size = shape.reduce((a, b) => a * b, 1);
          const found = rows[name].value(inputs, attributes, shape).length;
          require(found === size, `${name}: shape [${shape}] has ${size} elements, the value ${found}.`);
        }
      },
    },
    {
      title: `${name}: its lowering computes its value`,
      run(rows) {
        const { lower, shape: shapeOf, value } = rows[name];
        if (!lower) return;
        for (const { inputs, attributes } of samples) {
          const leaves = inputs.map((input, i) => leaf("input", String(i), input.shape));
          const lowered = lower(leaves, attributes, apply);
          const given = new Map(leaves.map((node, i) => [node, inputs[i]!]));
          const shape = shapeOf(
            inputs.map((input) => input.shape),
            attributes,
          );
          const expected = value(inputs, attributes, shape);
          requireClose(evaluateWith(rows, lowered, given).data, expected, 1e-14, `${name} lowered`);
        }
      },
    },
    {
      title: `${name}: its derivative agrees with differences`,
      run(rows) {
        for (const sample of samples) if (sample.smooth ?? true) checkDerivative(rows, name, sample);
      },
    },
  ];
}

/** Compares the adjoints of Σ cᵢ·yᵢ with central differences, for weights c that tell elements apart. */
function checkDerivative(rows: Operators, name: OperatorName, { inputs, attributes }: Sample): void {
  const leaves = inputs.map((input, i) => leaf("input", String(i), input.shape));
  const node = apply(name, leaves, attributes);
  const weights = Float64Array.from(
    { length: node.shape.reduce((a, b) => a * b, 1) },
    (_, i) => 1 + ((i * 7) % 5) / 3,
  );
  const adjoints = rows[name].derivative(data(weights, node.shape), node, leaves, attributes);
  const total = (changed: readonly Values[]) =>
    rows[name].value(changed, attributes, node.shape).reduce((sum, y, i) => sum + y * weights[i]!, 0);
  inputs.forEach((input, i) => {
    const adjoint = adjoints[i];
    const numeric = input.data.map((x, j) => {
      const h = 1e-6 * Math.max(Math.abs(x), 0.1);
      const at = (value: number) => {
        const moved = input.data.slice();
        moved[j] = value;
        return total(inputs.map((other, k) => (k === i ? { ...input, data: moved } : other)));
      };
      return (at(x + h) - at(x - h)) / (2 * h);
    });
    // Nothing flows into conditions and indices, whose differences are 0 or not defined.
    if (adjoint === undefined) {
      const isIndex = name === "gather" || name === "scatterAdd";
      if (!isIndex)
        requireClose(
          numeric,
          new Float64Array(numeric.length),
          1e-9,
          `${name}, input ${i} without derivative`,
        );
      return;
    }
    const given = new Map(leaves.map((node, j) => [node, inputs[j]!]));
    requireClose(evaluateWith(rows, adjoint, given).data, numeric, 1e-6, `${name}, derivative by input ${i}`);
  });
}
