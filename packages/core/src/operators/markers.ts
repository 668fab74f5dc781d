import type { Operator } from "./operator.js";

/** Nodes that pass a value on and say something about it. */
export const markers = {
  stopGradient: {
    shape: ([x]) => x!,
    value: ([x]) => x!.data,
    derivative: () => [undefined],
    lower: ([x]) => x!,
  } satisfies Operator,
};
