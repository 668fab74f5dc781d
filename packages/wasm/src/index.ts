export { type Explanation, explain, type KernelExplanation } from "./explain.js";
export { type ForeignMemory, type LinkedProgram, linkProgram } from "./link.js";
export type { WasmOptions } from "./options.js";
export { wasm } from "./wasm.js";
