import type { Shape } from "../expr/shape.js";
import type { Attributes, Tensor } from "../expr/tensor.js";
import type { Key } from "../random/key.js";
import type { OperatorName } from "./names.js";

/** A tensor's numbers, contiguous and row-major: what the reference values work on. */
export interface Values {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/**
 * Builds a node; passed to rows so that they need not import the tensor that imports them. Operators that are no
 * tensor's method bring their row.
 */
export interface Apply {
  (op: "constant" | "iota", inputs: readonly Tensor[], attributes: Attributes): Tensor;
  (op: OperatorName, inputs: readonly Tensor[], attributes: Attributes, row: Operator): Tensor;
}

/** One row per operator: what it computes, on which shapes, its derivative, and how it is made of primitives. */
// Rows are read through their name, each with attributes of its own.
export interface Operator<A = any> {
  /** The function of one element, of an elementwise operator; its inputs and result have one shape. */
  readonly scalar?: (...x: number[]) => number;
  /** Shape of the result; throws a ShapeError naming the operator. */
  readonly shape: (inputs: readonly Shape[], attributes: A) => Shape;
  /** The value, computed plainly in float64. The oracle: independent of `lower`, never fast. */
  readonly value: (inputs: readonly Values[], attributes: A, shape: Shape) => Float64Array;
  /**
   * Adjoints of the inputs, given the adjoint `g` and the value `y` of the output; undefined where nothing flows.
   * Written as expressions, so that gradients have gradients.
   */
  readonly derivative: (
    g: Tensor,
    y: Tensor,
    inputs: readonly Tensor[],
    attributes: A,
  ) => readonly (Tensor | undefined)[];
  /** The same value made of simpler operators; absent for a primitive. */
  readonly lower?: (inputs: readonly Tensor[], attributes: A, apply: Apply) => Tensor;
  /** Of an operator that draws numbers: the key of a step's stream. Who draws none need not load it. */
  readonly stepKey?: (seed: Key, step: number) => Key;
  /** Of an operator that joins parameters: puts what it stands for into their updates, which are traced one by one. */
  readonly join?: (updates: readonly Readonly<Record<string, Tensor>>[]) => Record<string, Tensor>[];
}

type Numbers = { 1: [number]; 2: [number, number]; 3: [number, number, number] };
type Tensors = { 1: [Tensor]; 2: [Tensor, Tensor]; 3: [Tensor, Tensor, Tensor] };

/** Row of an elementwise operator of `N` inputs; the functions get the attributes `A` after the inputs. */
export function elementwiseRow<N extends 1 | 2 | 3, A = unknown>(row: {
  readonly value: (...x: [...Numbers[N], A]) => number;
  readonly derivative: (g: Tensor, y: Tensor, ...x: [...Tensors[N], A]) => readonly (Tensor | undefined)[];
  readonly lower?: (...x: [...Tensors[N], A, Apply]) => Tensor;
}): Operator<A> {
  const value = row.value as (...x: unknown[]) => number;
  const derivative = row.derivative as (...x: unknown[]) => readonly (Tensor | undefined)[];
  const lower = row.lower as ((...x: unknown[]) => Tensor) | undefined;
  return {
    scalar: value,
    shape: ([first]) => first!,
    value: (inputs, attributes) =>
      inputs[0]!.data.map((_, i) => value(...inputs.map(({ data }) => data[i]), attributes)),
    derivative: (g, y, inputs, attributes) => derivative(g, y, ...inputs, attributes),
    ...(lower && {
      lower: (inputs: readonly Tensor[], attributes: A, apply: Apply) => lower(...inputs, attributes, apply),
    }),
  };
}
