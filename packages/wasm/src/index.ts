export { type Explanation, explain, type KernelExplanation } from "./explain.js";
export { wasm, type WasmOptions } from "./wasm.js";
