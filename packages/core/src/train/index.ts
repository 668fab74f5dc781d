export * from "./dataset.js";
export * from "./events.js";
export * from "./model.js";
export * from "./reporter.js";
export * from "./safetensors.js";
