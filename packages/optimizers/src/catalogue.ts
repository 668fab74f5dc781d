import type { Make, Method, Rule } from "@downhill/core";
import * as methods from "./methods/index.js";
import * as rules from "./rules/index.js";

/** Makes an optimizer from settings whose names are known only when the program runs, and checked then. */
// The union of all hyper-parameters says less than none.
type Maker<T> = Make<any, any, T>;

const byName = <T>(makers: Readonly<Record<string, Maker<T>>>): Readonly<Record<string, Maker<T>>> =>
  Object.fromEntries(Object.values(makers).map((make) => [make.definition.name, make]));

/**
 * All rules and methods by name, for command lines, forms and tables: `catalogue.rules.adamw({ learningRate: 1 })`.
 * Importing it brings in every one of them; `import { adamw }` does not.
 */
export const catalogue: {
  readonly rules: Readonly<Record<string, Maker<Rule<any>>>>;
  readonly methods: Readonly<Record<string, Maker<Method<any>>>>;
} = {
  rules: /* @__PURE__ */ byName<Rule<any>>(rules),
  methods: /* @__PURE__ */ byName<Method<any>>(methods),
};
