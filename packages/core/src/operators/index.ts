import { activations } from "./activations.js";
import { arithmetic } from "./arithmetic.js";
import { comparison } from "./comparison.js";
import { indexing } from "./indexing.js";
import { markers } from "./markers.js";
import { movement } from "./movement.js";
import type { OperatorName } from "./names.js";
import { noise } from "./noise.js";
import type { Operator } from "./operator.js";
import { products } from "./products.js";
import { reductions } from "./reductions.js";
import { sources } from "./sources.js";
import { transcendental } from "./transcendental.js";

/** All operators, one row each. */
export const operators: Readonly<Record<OperatorName, Operator>> = {
  ...arithmetic,
  ...transcendental,
  ...activations,
  ...comparison,
  ...reductions,
  ...products,
  ...movement,
  ...indexing,
  ...noise,
  ...sources,
  ...markers,
};

export * from "./names.js";
export type { Apply, Operator, Values } from "./operator.js";
