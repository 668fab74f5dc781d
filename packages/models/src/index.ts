export { type Initialize, type Initializer, initializers } from "./initializers/initializers.js";
export * from "./layers/index.js";
export * from "./losses/index.js";
export * from "./metrics/index.js";
export * from "./models/index.js";
export { type Penalties, penalty } from "./penalties/penalty.js";
export * from "./saving/index.js";
export * from "./use/index.js";
