export { compileProgram } from "./compile.js";
export { type Explanation, explain, explainPlan, type KernelExplanation } from "./explain.js";
export { formatExplanation } from "./format-explanation.js";
export * from "./plan.js";
export type { DType, Floats, Layout, Program, Write } from "./program.js";
