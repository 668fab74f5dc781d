import { constant, type Tensor } from "@downhill/core";
import { apply, leaf, type OperatorName, operators, type Values } from "@downhill/core/engine";
import type { Agreement } from "./engine-suite.js";
import { operatorSamples } from "./operator-samples.js";
import { evaluation } from "./run-program.js";

const tiny = 2 ** -126; // The smallest normal float32.
const special = [0, -0, 1, -1, 0.5, -2.5, 1e-20, -1e20, 1e30, tiny, Infinity, -Infinity, NaN];

/** Every operator on the samples, and every elementwise one on all pairs of special numbers. */
export const engineOperators: readonly Agreement[] = [
  ...Object.entries(operatorSamples).map(([name, samples]) => ({
    title: `operator ${name}`,
    make: () => {
      const outputs = samples.map(({ inputs, attributes }, i) => ({ inputs, attributes, i }));
      return {
        layout: {
          input: slots(
            outputs.flatMap(({ inputs, i }) => inputs.map((x, j) => [`${i}.${j}`, x.shape] as const)),
          ),
          output: slots(
            outputs.map(({ inputs, attributes, i }) => [
              `${i}`,
              operators[name as OperatorName].shape(
                inputs.map((x) => x.shape),
                attributes,
              ),
            ]),
          ),
        },
        writes: outputs.map(({ inputs, attributes, i }) => ({
          arena: "output",
          name: `${i}`,
          value: apply(
            name as OperatorName,
            inputs.map((x, j) => operand(name, x, `${i}.${j}`)),
            attributes,
          ),
        })),
        given: {
          input: Object.fromEntries(
            outputs.flatMap(({ inputs, i }) => inputs.map((x, j) => [`${i}.${j}`, x.data] as const)),
          ),
        },
      };
    },
  })),
  ...Object.entries(operators)
    .filter(([, row]) => row.scalar)
    .map(([name]) => ({
      title: `operator ${name} on zeros, infinities and NaN`,
      make: () => {
        const arity = operatorSamples[name as OperatorName]![0]!.inputs.length;
        const list = combinations(arity).filter((x) => !vague(name, x));
        const shape = [list.length];
        const names = ["a", "b", "c"].slice(0, arity);
        const attributes = operatorSamples[name as OperatorName]![0]!.attributes;
        const y = apply(
          name as OperatorName,
          names.map((n) => leaf("input", n, shape)),
          attributes,
        );
        return evaluation(
          Object.fromEntries(names.map((n, i) => [n, list.map((x) => x[i]!)])),
          Object.fromEntries(names.map((n) => [n, shape])),
          y,
        );
      },
    })),
];

/** Keys of random numbers are whole numbers on the host; everything else comes from memory. */
function operand(name: string, x: Values, slot: string): Tensor {
  return name === "uniform" || name === "normal" ? constant(x.data[0]!) : leaf("input", slot, x.shape);
}

function slots(list: readonly (readonly [string, readonly number[]])[]): Record<string, readonly number[]> {
  return Object.fromEntries(list);
}

function combinations(arity: number): number[][] {
  if (arity === 0) return [[]];
  const pool = arity === 3 ? [0, 1, -2.5, Infinity, NaN] : special;
  return combinations(arity - 1).flatMap((head) => pool.map((x) => [...head, x]));
}

/** Where float32 and float64 rightly differ: overflow, angles of huge numbers, differences of rounding at infinity. */
function vague(name: string, x: readonly number[]): boolean {
  const huge = x.some((v) => Number.isFinite(v) && Math.abs(v) >= 1e20);
  const small = x.some((v) => v !== 0 && Math.abs(v) < 1e-10);
  const grows = [
    "mul",
    "div",
    "pow",
    "square",
    "exp",
    "expm1",
    "rsqrt",
    "cbrt",
    "sin",
    "cos",
    "gelu",
    "elu",
    "atan2",
  ];
  return grows.includes(name) && (huge || (small && name !== "exp" && name !== "sin" && name !== "cos"));
}
