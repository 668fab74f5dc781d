export { type BackendName, tfjs } from "./engine/tfjs.js";
export { type Composition, type Maker, registerOptimizers, registerSchedules } from "./optimizer/registry.js";
export { TfOptimizer, type TfOptimizerOptions, tfOptimizer } from "./optimizer/tf-optimizer.js";
export type { PathChoice } from "./update/update-path.js";
