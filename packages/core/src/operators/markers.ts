import type { Operator } from "./operator.js";

/** Nodes that pass a value on and say something about it. */
export const markers = {
  stopGradient: {
    shape: ([x]) => x!,
    value: ([x]) => x!.data,
    derivative: () => [undefined],
    lower: ([x]) => x!,
  } satisfies Operator,
  /**
   * A scalar summed over all parameters of an optimizer: each parameter's trace holds its own part, and the sum
   * is put in place when all are traced. It never reaches an engine.
   */
  acrossParameters: {
    shape: () => [],
    value: () => {
      throw new Error("acrossParameters has a value only inside an optimizer's update.");
    },
    derivative: () => [undefined],
  } satisfies Operator,
};
