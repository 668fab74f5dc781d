import { activations } from "./activations.js";
import { arithmetic } from "./arithmetic.js";
import { comparison } from "./comparison.js";
import { indexing } from "./indexing.js";
import { markers } from "./markers.js";
import { movement } from "./movement.js";
import { normalizations } from "./normalizations.js";
import { products } from "./products.js";
import { reductions } from "./reductions.js";
import { sources } from "./sources.js";
import { transcendental } from "./transcendental.js";

const elementwise = { ...arithmetic, ...transcendental, ...activations, ...comparison };

/** Operators behind the methods of tensors. The others come with the function that makes them. */
export const methodOperators = {
  ...elementwise,
  ...reductions,
  ...normalizations,
  ...products,
  ...movement,
  ...indexing,
  ...sources,
  ...markers,
};
export type MethodOperator = keyof typeof methodOperators;

/** Operators that compute each element by itself. */
export type ElementwiseName = keyof typeof elementwise;
export const elementwiseNames = /* @__PURE__ */ Object.keys(elementwise) as readonly ElementwiseName[];

/** Operators that combine the elements along some axes into one. */
export type ReductionName = keyof typeof reductions;
export const reductionNames = /* @__PURE__ */ Object.keys(reductions) as readonly ReductionName[];
