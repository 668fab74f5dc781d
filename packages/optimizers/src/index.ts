export { catalogue } from "./catalogue.js";
export * from "./describe/index.js";
export * from "./groups/index.js";
export * from "./methods/index.js";
export * from "./rules/index.js";
export * from "./schedules/index.js";
export * from "./torch/index.js";
export * from "./transforms/index.js";
export * from "./wrappers/index.js";
