import { concatenation } from "./concatenation.js";
import { joining } from "./joining.js";
import { methodOperators } from "./methods.js";
import type { OperatorName } from "./names.js";
import { noise } from "./noise.js";
import type { Operator } from "./operator.js";

/** All operators, one row each. */
export const operators: Readonly<Record<OperatorName, Operator>> = {
  ...methodOperators,
  ...concatenation,
  ...noise,
  ...joining,
};

export * from "./names.js";
export type { Apply, Operator, Values } from "./operator.js";
