import type { Shape } from "../expr/shape.js";
import type { Operator } from "./operator.js";

const given = (kind: string) => (): never => {
  throw new Error(`A ${kind} has no value of its own: whoever runs the program provides it.`);
};

/** Nodes without tensor inputs. */
export const sources = {
  constant: {
    shape: () => [],
    value: (_, { value }) => Float64Array.of(value),
    derivative: () => [],
  } satisfies Operator<{ value: number }>,
  /** Numbers written into the expression. */
  data: {
    shape: (_, { shape }) => shape,
    value: (_, { values }) => values,
    derivative: () => [],
  } satisfies Operator<{ values: Float64Array; shape: Shape }>,
  /** A named slot of the engine's memory: parameter, state, column of a batch. */
  leaf: {
    shape: (_, { shape }) => shape,
    value: given("leaf"),
    derivative: () => [],
  } satisfies Operator<{ arena: string; name: string; shape: Shape }>,
  /** A scalar that the host passes to each run. */
  hostScalar: {
    shape: () => [],
    value: given("host scalar"),
    derivative: () => [],
  } satisfies Operator<{ name: string }>,
};
