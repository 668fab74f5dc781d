/** What authors of engines and of tools build on: plans, primitives, reference values. */

export { applyNamed as apply } from "../expr/apply-named.js";
export { hostScalar, leaf } from "../expr/tensor.js";
export { gradients } from "../gradient/reverse.js";
export * as math from "../math/index.js";
export { type Operator, operators, type Values } from "../operators/index.js";
export * from "../operators/names.js";
export { loadHostState, saveHostState } from "../optimizer/host-state.js";
export { arenas, traceUpdate } from "../optimizer/trace.js";
export { createUpdater, type Updater } from "../optimizer/updater.js";
export { compileProgram } from "../program/compile.js";
export { evaluateHost } from "../program/evaluate-host.js";
export { type Explanation, explain, explainPlan, type KernelExplanation } from "../program/explain.js";
export { formatExplanation } from "../program/format-explanation.js";
export { topologicalOrder } from "../program/graph.js";
export { lower } from "../program/lower.js";
export * from "../program/plan.js";
export { uniform32 } from "../random/index.js";
export { hostMemory } from "./host-memory.js";
export { openReference } from "./reference.js";
