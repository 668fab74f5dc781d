export { type Explanation, explain, type KernelExplanation } from "./explain.js";
export { type WasmOptions, wasm } from "./wasm.js";
