/** What authors of engines and of tools build on: plans, primitives, reference values. */
export * as math from "../math/index.js";
export { type Operator, operators, type Values } from "../operators/index.js";
export * from "../operators/names.js";
export { compileProgram } from "../program/compile.js";
export { topologicalOrder } from "../program/graph.js";
export { lower } from "../program/lower.js";
export * from "../program/plan.js";
export { uniform32 } from "../random/index.js";
export { apply, hostScalar, leaf } from "../expr/tensor.js";
export { arenas, traceUpdate } from "../optimizer/trace.js";
export { gradients } from "../gradient/reverse.js";
export { hostMemory } from "./host-memory.js";
export { openReference } from "./reference.js";
export { createUpdater, type Updater } from "../optimizer/updater.js";
