export { forkKey, type Key } from "./key.js";
export { normalAt } from "./normal-at.js";
export { philox } from "./philox.js";
export { type Random, type RandomState, random, restoreRandom } from "./random.js";
export { uniform32 } from "./uniform-32.js";
export { uniform53At, uniformAt } from "./uniform-at.js";
export { wordAt } from "./word-at.js";
